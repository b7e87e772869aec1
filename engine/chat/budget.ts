import { LongtakeError } from '../protocol/errors.ts';
import { buildPrompt, type PromptVideo, type Turn } from './prompt.ts';
import type { Tokenizer } from './tokenizer.ts';

export type ContextBudget = {
  /** The longest sequence that the decoder takes, prompt and answer together. */
  readonly maxSequenceTokens: number;
  /** What the video takes of it after forgetting. */
  readonly videoTokens: number;
  /** Kept free for the answer. */
  readonly answerTokens: number;
};

export type FittedPrompt = {
  readonly inputIds: Int32Array; // [tokens]
  /** Turns that had to leave, oldest first; the user is told. */
  readonly droppedTurns: number;
  readonly textTokens: number;
};

/** Throws `question-empty`: to be asked before an hour is spent on watching. */
export function requireQuestion(question: string): void {
  if (question.trim() === '') throw new LongtakeError('question-empty', 'The question is empty. Type what you want to know about the video.');
}

/**
 * Builds the prompt of a conversation, dropping the oldest question-and-answer pairs until it fits.
 * Throws `question-empty`, or `question-too-long` where the last question alone does not fit: a question is
 * never cut, because a model that has seen half of one answers another.
 */
export function fitPrompt(turns: readonly Turn[], video: PromptVideo, budget: ContextBudget, tokenizer: Tokenizer): FittedPrompt {
  const last = turns.at(-1);
  requireQuestion(last?.role === 'user' ? last.content : '');
  const room = budget.maxSequenceTokens - budget.videoTokens - budget.answerTokens;
  for (let dropped = 0; ; dropped += 2) {
    const inputIds = buildPrompt(turns.slice(dropped), video, tokenizer);
    const textTokens = inputIds.length - 1;
    if (textTokens <= room) return { inputIds, droppedTurns: dropped, textTokens };
    if (dropped + 2 >= turns.length) {
      throw new LongtakeError('question-too-long',
        `The question takes ${textTokens} tokens with its prompt, and ${Math.max(room, 0)} fit beside this video. Ask it in fewer words.`,
        { textTokens, roomTokens: room });
    }
  }
}
