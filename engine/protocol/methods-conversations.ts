import { z } from 'zod';
import { wireErrorResult } from './methods-app.ts';

const nothing = z.strictObject({});
const id = z.string().min(1).max(100);

export const conversationSchema = z.object({
  id, videoId: id, title: z.string(), createdAtMs: z.int(), updatedAtMs: z.int(), removedAtMs: z.int().nullable(),
});
export type ConversationEntry = z.infer<typeof conversationSchema>;

/** A part of the timeline: a question about it is answered from nothing else. */
export const rangeSchema = z.object({ startSeconds: z.number().nonnegative(), endSeconds: z.number().positive() });

const citationSchema = z.object({
  startSeconds: z.number(), endSeconds: z.number(), text: z.string(), offset: z.int(),
  verified: z.boolean().describe('false: outside of the video, the range or what was encoded'),
  lookedAtSeconds: z.number().optional().describe('of a model that rounds times: what the answer looked at most within the rounding'),
});

export const lookedAtSchema = z.object({
  binSeconds: z.number(), share: z.array(z.number()),
  peakSeconds: z.array(z.number()).optional().describe('of each bin, the second that got most of it; answers of earlier versions have none'),
});
export const answerProgressSchema = z.object({ stage: z.enum(['memory', 'answer']), share: z.number().describe('0 to 1') });

/** How an answer came about. Members are absent while it is being written. */
export const answerSchema = z.object({
  /** `waiting`: behind another answer or the preparation of the model. `interrupted`: the engine ended while it was written. */
  state: z.enum(['waiting', 'writing', 'complete', 'length', 'stopped', 'interrupted', 'failed']),
  error: wireErrorResult.optional(),
  /** Until the first word: an hour of memory is recalled once, and read for every answer. */
  progress: answerProgressSchema.optional(),
  range: rangeSchema.optional(),
  /** How much of the video it was answered from. `complete` is false for a question during the encode. */
  coverage: z.object({ seconds: z.number(), frames: z.int(), complete: z.boolean() }).optional(),
  citations: z.array(citationSchema).default([]),
  droppedTurns: z.int().default(0),
  /** Lines of subtitles that the model read, of those that its frames show. */
  subtitles: z.object({ lines: z.int(), of: z.int() }).optional(),
  model: z.string().optional(),
  provider: z.string().optional(),
  /** Whether `messages.lookedAt` says something: a model without MemAug looks at nothing. */
  hasLookedAt: z.boolean().optional(),
  timings: z.object({ encodeMs: z.number(), memoryMs: z.number(), firstTokenMs: z.number(), tokensPerSecond: z.number() }).optional(),
});

export const messageSchema = z.object({
  id, parentId: id.nullable(), role: z.enum(['user', 'assistant']), content: z.string(), createdAtMs: z.int(),
  /** Itself among them, in order of creation: other questions or answers at this place. */
  siblingIds: z.array(id),
  /** Of a question that was asked about a part of the timeline. */
  range: rangeSchema.optional(),
  answer: answerSchema.optional(),
});
export type MessageEntry = z.infer<typeof messageSchema>;

const asked = z.object({ conversationId: id, questionId: id, answerId: id });

export const conversationMethods = {
  'conversations.list': { params: z.strictObject({ videoId: id, removed: z.boolean().default(false) }), result: z.object({ conversations: z.array(conversationSchema) }) },
  'conversations.create': { params: z.strictObject({ videoId: id, title: z.string().max(500).default('') }), result: conversationSchema },
  'conversations.rename': { params: z.strictObject({ conversationId: id, title: z.string().trim().min(1).max(500) }), result: conversationSchema },
  'conversations.remove': { params: z.strictObject({ conversationId: id }), result: nothing },
  'conversations.restore': { params: z.strictObject({ conversationId: id }), result: conversationSchema },
  /** The branch that is shown as a file's text, in a language of the interface; JSON has all branches. HTML holds no script and loads nothing. */
  'conversations.export': {
    params: z.strictObject({ conversationId: id, format: z.enum(['markdown', 'html', 'json']), language: z.enum(['en', 'zh']).default('en') }),
    result: z.object({ fileName: z.string(), text: z.string() }),
  },
  /** The branch that is shown. Clients that stay use the stream `conversation`. */
  'messages.list': { params: z.strictObject({ conversationId: id }), result: z.object({ messages: z.array(messageSchema) }) },
  /**
   * Asks at the end of the branch that is shown, and replies before the answer begins. A conversation without a title gets
   * the question's. Throws `question-empty`, `not-found` where nothing of the video is in memory.
   */
  'messages.ask': { params: z.strictObject({ conversationId: id, question: z.string().max(100_000), range: rangeSchema.optional() }), result: asked },
  /** Another answer to the same question, sampled: a sibling, which is then shown. */
  'messages.regenerate': { params: z.strictObject({ answerId: id }), result: asked },
  /** The same place in the conversation with another question. `range` null removes the range that the first one had. */
  'messages.edit': {
    params: z.strictObject({ questionId: id, question: z.string().max(100_000), range: rangeSchema.nullable().optional() }), result: asked,
  },
  /** Ends an answer where it is. What was said stays. An answer that has ended is left as it is. */
  'messages.stop': { params: z.strictObject({ answerId: id }), result: nothing },
  /** Shows the branch of a message, down to its newest end. */
  'messages.select': { params: z.strictObject({ messageId: id }), result: nothing },
  /** Takes a message and what follows it away; `messages.restore` undoes it. */
  'messages.remove': { params: z.strictObject({ messageId: id }), result: nothing },
  'messages.restore': { params: z.strictObject({ messageId: id }), result: nothing },
  /** The share of attention that each bin of the video got; null while the answer is being written, and of a model without MemAug. */
  'messages.lookedAt': {
    params: z.strictObject({ answerId: id }),
    result: z.object({ lookedAt: lookedAtSchema.nullable() }),
  },
} as const;
