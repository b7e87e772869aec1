import { LongtakeError } from '../protocol/errors.ts';
import { buildPrompt, questionTokens, type PromptVideo, type Template, type Turn } from './prompt.ts';
import { listSubtitles, type Cue, type ListedSubtitles } from './subtitles.ts';
import type { Tokenizer } from './tokenizer.ts';

export type ContextBudget = {
  /** The longest sequence that the decoder takes, prompt and answer together. */
  readonly maxSequenceTokens: number;
  /** What the video takes of it after forgetting. */
  readonly videoTokens: number;
  /** Kept free for the answer. */
  readonly answerTokens: number;
  /** Default Qwen's. */
  readonly template?: Template | undefined;
};

/** What is said in a video, and when the model sees something of it. */
export type SpokenVideo = {
  readonly cues: readonly Cue[];
  readonly framePtsSeconds: ArrayLike<number>; // [frames]
};

/** Of the room for text, at most: the rest is for the conversation. */
const subtitlesShare = 0.5;

export type FittedPrompt = {
  readonly inputIds: Int32Array; // [tokens]
  /** Turns that had to leave, oldest first; the user is told. */
  readonly droppedTurns: number;
  readonly textTokens: number;
  /** The last of them, from where the last question begins. */
  readonly questionTokens: number;
  /** Where there was something to be read of them. */
  readonly subtitles: Omit<ListedSubtitles, 'text'> | undefined;
};

/** Throws `question-empty`: to be asked before an hour is spent on watching. */
export function requireQuestion(question: string): void {
  if (question.trim() === '') throw new LongtakeError('question-empty', 'The question is empty. Type what you want to know about the video.');
}

/**
 * Builds the prompt of a conversation, dropping the oldest question-and-answer pairs until it fits. Subtitles, where they
 * are given, take half of the room for text at most.
 * Throws `question-empty`, or `question-too-long` where the last question alone does not fit: a question is
 * never cut, because a model that has seen half of one answers another.
 */
export function fitPrompt(turns: readonly Turn[], video: PromptVideo, budget: ContextBudget, tokenizer: Tokenizer, spoken?: SpokenVideo): FittedPrompt {
  const last = turns.at(-1);
  const question = last?.role === 'user' ? last.content : '';
  requireQuestion(question);
  const room = budget.maxSequenceTokens - budget.videoTokens - budget.answerTokens;
  const listed = spoken && listSubtitles(spoken.cues, spoken.framePtsSeconds, Math.floor(room * subtitlesShare), tokenizer);
  for (let dropped = 0; ; dropped += 2) {
    const inputIds = buildPrompt(turns.slice(dropped), { ...video, subtitles: listed?.text }, tokenizer, budget.template);
    const textTokens = inputIds.length - 1;
    if (textTokens <= room) return { inputIds, droppedTurns: dropped, textTokens, questionTokens: questionTokens(question, tokenizer, budget.template), subtitles: listed && { lines: listed.lines, of: listed.of } };
    if (dropped + 2 >= turns.length) {
      throw new LongtakeError('question-too-long',
        `The question takes ${textTokens} tokens with its prompt, and ${Math.max(room, 0)} fit beside this video. Ask it in fewer words.`,
        { textTokens, roomTokens: room });
    }
  }
}
