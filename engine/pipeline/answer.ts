import { isLongtakeError } from '../protocol/errors.ts';
import { findCitations, type Citation } from '../chat/citations.ts';
import { binLookedAt, type LookedAt } from '../chat/looked-at.ts';
import { createStopFilter } from '../chat/stop-strings.ts';
import { refineTimes } from '../chat/refine-times.ts';
import { createTextStream, type Tokenizer } from '../chat/tokenizer.ts';
import type { Memory } from '../memory/index.ts';
import { generate, type DecoderState, type GenerateOptions } from '../runtime/generate.ts';
import { framesInRange, type TimeRange } from './repository.ts';

export type AnswerTimings = {
  /** Spent on encoding the video for this command; 0 where the memory was there already. */
  readonly encodeMs: number;
  /** Spent on the memory's keys and values; 0 where an earlier question had computed them. */
  readonly memoryMs: number;
  /** From the question to its first token, without the two above. */
  readonly firstTokenMs: number;
  /** After the first token; 0 for an answer of one token. */
  readonly tokensPerSecond: number;
};

export type Answer = {
  readonly question: string;
  readonly answer: string;
  readonly citations: readonly Citation[];
  /** Absent where the model has no MemAug. */
  readonly lookedAt?: LookedAt | undefined;
  readonly timings: AnswerTimings;
  /** Why it ends: by itself, at the longest answer, or because the user stopped it. */
  readonly ended: 'complete' | 'length' | 'stopped';
  /** How long it was in tokens: text of the prompt, what the video took beside it, and the answer. */
  readonly tokens: { readonly prompt: number; readonly video: number; readonly answer: number };
  /** Turns that no longer fitted the model's context and were left out, oldest first. */
  readonly droppedTurns: number;
  /** Lines of subtitles that the model read, of those that its frames show; absent where it was to read none. */
  readonly subtitles?: { readonly lines: number; readonly of: number } | undefined;
};

export type Spoken = Pick<Answer, 'answer' | 'ended'> & { readonly tokenCount: number; readonly firstTokenAtMs: number; readonly lastTokenAtMs: number };

/** Generates an answer's text up to any of `stop`, streaming it as it comes. Being stopped is an ending, not an error. */
export async function speak(state: DecoderState, tokenizer: Tokenizer, { stop = [], ...options }: GenerateOptions & { readonly stop?: readonly string[] }, onText: (text: string) => void): Promise<Spoken> {
  const stream = createTextStream(tokenizer);
  const filter = createStopFilter(stop);
  let answer = '';
  const say = (text: string): void => {
    answer += text;
    if (text !== '') onText(text);
  };
  let tokens = 0;
  let firstTokenAtMs = 0;
  let ended: Answer['ended'] = 'complete';
  try {
    for await (const id of generate(state, options)) {
      if (tokens++ === 0) firstTokenAtMs = performance.now();
      say(filter.push(stream.push(id)));
      if (filter.stopped) break;
    }
    if (tokens === options.maxNewTokens && !filter.stopped) ended = 'length';
  } catch (error) {
    if (!isLongtakeError(error, 'cancelled')) throw error;
    ended = 'stopped';
  }
  say(filter.push(stream.flush()) + filter.flush());
  const lastTokenAtMs = performance.now();
  return { answer: answer.trim(), ended, tokenCount: tokens, firstTokenAtMs: firstTokenAtMs === 0 ? lastTokenAtMs : firstTokenAtMs, lastTokenAtMs };
}

/** `range`: the part that was asked about. `timeStepSeconds`: of a model that tells times by steps. */
type LocateOptions = { readonly range?: TimeRange | undefined; readonly timeStepSeconds?: number | undefined };

/**
 * What an answer says about the video, and where MemAug looked for it. `frameShare` [frames], of a model that has it.
 * A time outside of the range that was asked about is not verified: nothing there was looked at.
 */
export function locate(answer: string, memory: Memory, frameShare: ArrayLike<number> | undefined, { range, timeStepSeconds }: LocateOptions = {}): Pick<Answer, 'citations' | 'lookedAt'> {
  const durationSeconds = memory.manifest.durationSeconds ?? (memory.ptsSeconds.at(-1) ?? 0) + 1;
  const framePtsSeconds = range === undefined ? memory.ptsSeconds : Array.from(framesInRange(memory.ptsSeconds, range), (frame) => memory.ptsSeconds[frame] ?? 0);
  return {
    citations: refineTimes(findCitations(answer, { durationSeconds, framePtsSeconds }), timeStepSeconds, { framePtsSeconds: memory.ptsSeconds, frameShare: frameShare ?? [] }),
    ...(frameShare !== undefined && { lookedAt: binLookedAt(frameShare, memory.ptsSeconds, durationSeconds) }),
  };
}
