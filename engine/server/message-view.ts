import { z } from 'zod';
import { answerSchema, lookedAtSchema, rangeSchema, type MessageEntry } from '../protocol/methods-conversations.ts';
import type { Library, Message, MessageWithSiblings } from '../library/index.ts';
import type { AnswerProgress } from './changes.ts';

/** What is kept with a question. */
export const questionDataSchema = z.object({ range: rangeSchema.optional() }).catch({});

/** What is kept with an answer; those of the command line have no state and have ended as `ended` says. */
const answerDataSchema = answerSchema.partial({ state: true }).extend({
  ended: z.enum(['complete', 'length', 'stopped']).optional(), lookedAt: z.unknown().optional(),
});
export type AnswerData = Omit<z.input<typeof answerDataSchema>, 'lookedAt'> & { readonly lookedAt?: z.infer<typeof lookedAtSchema> };

/** An answer that is being written here. */
export type LiveAnswer = { readonly state: 'waiting' | 'writing'; readonly text: string; readonly progress?: AnswerProgress | undefined };
export type LiveAnswers = { get(answerId: string): LiveAnswer | undefined };

/** The branch of a conversation that is shown, with the text that live answers have by now. */
export function viewMessages(library: Library, live: LiveAnswers, conversationId: string): MessageEntry[] {
  return library.messages.activePath(conversationId).map((message) => viewMessage(message, live.get(message.id)));
}

/** All branches of a conversation: every message that is not removed, parents before children. */
export function viewBranches(library: Library, live: LiveAnswers, conversationId: string): MessageEntry[] {
  const messages = library.messages.list(conversationId);
  const siblings = Map.groupBy(messages, ({ parentId }) => parentId);
  return messages.map((message) => viewMessage({ ...message, siblingIds: (siblings.get(message.parentId) ?? []).map(({ id }) => id) }, live.get(message.id)));
}

/** A message as a client sees it. */
export function viewMessage(message: MessageWithSiblings, live: LiveAnswer | undefined): MessageEntry {
  const { id, parentId, role, content, createdAtMs, siblingIds } = message;
  const entry = { id, parentId, role, content: live?.text ?? content, createdAtMs, siblingIds: [...siblingIds] };
  if (role === 'user') {
    const { range } = questionDataSchema.parse(message.data);
    return { ...entry, ...(range !== undefined && { range }) };
  }
  const { state, ended, lookedAt, ...details } = readAnswerData(message.data);
  return { ...entry, answer: { ...details, hasLookedAt: lookedAt !== undefined, ...(live?.progress && { progress: live.progress }), state: live?.state ?? settledState(state ?? ended) } };
}

/** Nobody here writes it: the process that did has ended. */
function settledState(state: MessageEntryState | undefined): MessageEntryState {
  return state === 'waiting' || state === 'writing' ? 'interrupted' : state ?? 'complete';
}
type MessageEntryState = NonNullable<MessageEntry['answer']>['state'];

/** Whether an answer says all that it was going to, or as much as it may. */
export function cameToItsEnd({ data }: Message): boolean {
  const { state, ended } = readAnswerData(data);
  return ['complete', 'length'].includes(settledState(state ?? ended));
}

/** Why an answer failed; undefined for one that did not. */
export function answerErrorCode({ data }: Message): string | undefined {
  return readAnswerData(data).error?.code;
}

function readAnswerData(data: unknown): z.infer<typeof answerDataSchema> {
  const parsed = answerDataSchema.safeParse(data ?? {});
  return parsed.success ? parsed.data : answerDataSchema.parse({});
}

/** Null while the answer is being written, for one that failed, and for one by a model without MemAug. It is long, and shown for one answer at a time. */
export function readLookedAt(library: Library, answerId: string): z.infer<typeof lookedAtSchema> | null {
  return z.object({ lookedAt: lookedAtSchema }).safeParse(library.messages.get(answerId).data).data?.lookedAt ?? null;
}

/** The first message that differs from what a client has, and what follows from there. */
export function changedFrom(before: readonly string[], after: readonly string[]): number {
  const limit = Math.min(before.length, after.length);
  let from = 0;
  while (from < limit && before[from] === after[from]) from++;
  return from;
}
