import { LongtakeError } from '../protocol/errors.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Stands in the token ids for the video: LLaVA's IMAGE_TOKEN_INDEX. */
export const VIDEO_TOKEN_ID = -200;

export type Turn = { readonly role: 'user' | 'assistant'; readonly content: string };

/** Throws `bad-argument` for turns that do not alternate from a question to a question: what a client sends may be anything. */
export function requireTurns(turns: readonly Turn[]): void {
  const wrong = turns.findIndex(({ role }, index) => role !== (index % 2 === 0 ? 'user' : 'assistant'));
  if (wrong === -1 && turns.length % 2 === 1) return;
  throw new LongtakeError('bad-argument', wrong === -1 ? 'The last turn is an answer. End with a question.'
    : `Turn ${wrong + 1} is ${turns[wrong]?.role === 'user' ? 'a question' : 'an answer'} where the other was due. Questions and answers take turns, from a question on.`, { turn: wrong });
}

export type PromptVideo = {
  readonly durationSeconds: number;
  /** Frames that the model is told of: those in the memory, before it repeats those of a very short video, or those that it reads. */
  readonly frameCount: number;
  /** When they are on screen, for a model that is told that as well; 'untold' for one that is told nothing of the kind. */
  readonly frameTimes?: ArrayLike<number> | 'untold' | undefined;
  /** A list of what is said in it, with its heading. */
  readonly subtitles?: string | undefined;
};

const systemPrompt = 'You are a helpful assistant.';

/**
 * The released recipe's time instruction, with the real duration (streaming_supervised_dataset.py); with the frames' times the
 * one that LLaVA-Video was trained with (LLaVA-NeXT's train.py), which has no space before "Please".
 */
export function timeInstruction({ durationSeconds, frameCount, frameTimes }: PromptVideo): string {
  if (frameTimes === 'untold') return '';
  const located = frameTimes === undefined ? ' ' : ` These frames are located at ${Array.from(frameTimes, (seconds) => `${seconds.toFixed(2)}s`).join(',')}.`;
  return `The video lasts for ${durationSeconds.toFixed(2)} seconds, and ${frameCount} frames are uniformly `
    + `sampled from it.${located}Please answer the following questions related to this video.\n`;
}

/**
 * Renders turns with the template `qwen_1_5` of the released model; the video, the time instruction and the subtitles open
 * the first user turn, and the prompt ends where the assistant is to speak.
 *
 * @param turns alternate user, assistant, …, user.
 * @returns token ids with one {@link VIDEO_TOKEN_ID} in the place of the video // [tokens]
 */
export function buildPrompt(turns: readonly Turn[], video: PromptVideo, tokenizer: Tokenizer): Int32Array {
  const ids: number[] = [...endedTurn('system', systemPrompt, tokenizer)];
  turns.forEach((turn, index) => {
    if (index > 0) {
      ids.push(...endedTurn(turn.role, turn.content, tokenizer));
      return;
    }
    ids.push(...tokenizer.encode('<|im_start|>user\n'), VIDEO_TOKEN_ID,
      ...tokenizer.encodePlain(`\n${timeInstruction(video)}${video.subtitles ?? ''}${turn.content}`), ...tokenizer.encode('<|im_end|>\n'));
  });
  ids.push(...tokenizer.encode('<|im_start|>assistant\n'));
  return Int32Array.from(ids);
}

/** Everything between two special tokens is one text for the tokenizer, as in the reference. */
function endedTurn(role: string, content: string, tokenizer: Tokenizer): number[] {
  return [...tokenizer.encode('<|im_start|>'), ...tokenizer.encodePlain(`${role}\n${content}`), ...tokenizer.encode('<|im_end|>\n')];
}
