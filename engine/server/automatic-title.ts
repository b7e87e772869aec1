import type { Library, Message } from '../library/index.ts';

const longestTitle = 80;

/** What a conversation is called that nobody has named: its first question. */
export function automaticTitle(question: string): string {
  return question.trim().slice(0, longestTitle);
}

/** A question was removed that its conversation is called after: it is called after the one that is first now, or has no title. True where that changed. */
export function retitleWithout({ conversations, messages }: Library, { conversationId, role, content }: Message): boolean {
  const { title } = conversations.get(conversationId);
  if (role !== 'user' || title === '' || title !== automaticTitle(content)) return false;
  const first = messages.list(conversationId).find((message) => message.role === 'user');
  const now = first === undefined ? '' : automaticTitle(first.content);
  if (now !== title) conversations.rename(conversationId, now);
  return now !== title;
}

/** A message has come back into a conversation that has no title. True where it has one now. */
export function retitleWith({ conversations, messages }: Library, { conversationId }: Message): boolean {
  const first = conversations.get(conversationId).title === '' ? messages.list(conversationId).find(({ role }) => role === 'user') : undefined;
  if (first !== undefined) conversations.rename(conversationId, automaticTitle(first.content));
  return first !== undefined;
}
