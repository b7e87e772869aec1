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
  /** Nothing stands between the last frame, which ends its line itself, and the text. */
  readonly endsItsLine?: boolean | undefined;
  /** A list of what is said in it, with its heading. */
  readonly subtitles?: string | undefined;
};

/** How turns are written: Qwen's (`qwen_1_5` of LLaVA-NeXT), or Llama 3's as VILA has it (`llama_3` of its conversation.py). */
export type Template = 'qwen' | 'llama-3';

const systemPrompts = {
  qwen: 'You are a helpful assistant.',
  'llama-3': 'You are a helpful language and vision assistant. You are able to understand the visual content that the user provides, '
    + 'and assist the user with a variety of tasks using natural language.',
} as const satisfies Record<Template, string>;

/** A turn's beginning, what follows it and its end: special tokens only in the first and the last. */
const turnMarks = {
  qwen: (role: string) => ({ before: '<|im_start|>', opening: `${role}\n`, end: '<|im_end|>\n' }),
  'llama-3': (role: string) => ({ before: `<|start_header_id|>${role}<|end_header_id|>`, opening: '\n\n', end: '<|eot_id|>' }),
} as const satisfies Record<Template, (role: string) => { before: string; opening: string; end: string }>;

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
 * Renders turns with a model's template, `qwen_1_5` where none is given; the video, the time instruction and the subtitles open
 * the first user turn, and the prompt ends where the assistant is to speak.
 *
 * @param turns alternate user, assistant, …, user.
 * @returns token ids with one {@link VIDEO_TOKEN_ID} in the place of the video // [tokens]
 */
export function buildPrompt(turns: readonly Turn[], video: PromptVideo, tokenizer: Tokenizer, template: Template = 'qwen'): Int32Array {
  const ids: number[] = [...tokenizer.encode(template === 'llama-3' ? '<|begin_of_text|>' : ''), ...endedTurn('system', systemPrompts[template], tokenizer, template)];
  turns.forEach((turn, index) => {
    if (index > 0) {
      ids.push(...endedTurn(turn.role, turn.content, tokenizer, template));
      return;
    }
    const { before, opening, end } = turnMarks[template]('user');
    ids.push(...tokenizer.encode(`${before}${opening}`), VIDEO_TOKEN_ID,
      ...tokenizer.encodePlain(`${video.endsItsLine === true ? '' : '\n'}${timeInstruction(video)}${video.subtitles ?? ''}${turn.content}`), ...tokenizer.encode(end));
  });
  const { before, opening } = turnMarks[template]('assistant');
  ids.push(...tokenizer.encode(`${before}${opening}`));
  return Int32Array.from(ids);
}

/** How many tokens at the end of a prompt are its last question, and what follows that. */
export function questionTokens(question: string, tokenizer: Tokenizer, template: Template = 'qwen'): number {
  const [user, assistant] = [turnMarks[template]('user'), turnMarks[template]('assistant')];
  return tokenizer.encodePlain(question).length + tokenizer.encode(`${user.end}${assistant.before}${assistant.opening}`).length;
}

/** Everything between two special tokens is one text for the tokenizer, as in the reference. */
function endedTurn(role: string, content: string, tokenizer: Tokenizer, template: Template): number[] {
  const { before, opening, end } = turnMarks[template](role);
  return [...tokenizer.encode(before), ...tokenizer.encodePlain(`${opening}${content}`), ...tokenizer.encode(end)];
}
