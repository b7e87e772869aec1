import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import type { Conversations } from './conversations.ts';
import { toJson, type Database } from './database.ts';
import { roleSchema, type Messages } from './messages.ts';

const id = z.string().min(1).max(100);
const archivedMessageSchema = z.strictObject({
  id,
  parentId: id.nullable(),
  role: roleSchema,
  content: z.string(),
  data: z.unknown().optional(),
  createdAtMs: z.int(),
});
const archivedConversationSchema = z.strictObject({
  id,
  title: z.string(),
  activeLeafId: id.nullable(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
  /** Parents before children. */
  messages: z.array(archivedMessageSchema),
});
const archivedConversationsSchema = z.array(archivedConversationSchema);
/** A conversation as a `.longtake` file carries it (docs/memory-format.md). */
export type ArchivedConversation = z.infer<typeof archivedConversationSchema>;

/** Takes conversations out of a library, and into another one. */
export class ConversationArchive {
  readonly #database: Database;
  readonly #conversations: Conversations;
  readonly #messages: Messages;
  constructor(database: Database, conversations: Conversations, messages: Messages) {
    this.#database = database;
    this.#conversations = conversations;
    this.#messages = messages;
  }

  /** All conversations of a video that are not removed, oldest first, as plain JSON. */
  export(videoId: string): ArchivedConversation[] {
    return this.#conversations.list({ videoId }).reverse().map((conversation) => ({
      id: conversation.id,
      title: conversation.title,
      activeLeafId: conversation.activeLeafId,
      createdAtMs: conversation.createdAtMs,
      updatedAtMs: conversation.updatedAtMs,
      messages: this.#messages.list(conversation.id).map(({ id: messageId, parentId, role, content, data, createdAtMs }) => ({
        id: messageId, parentId, role, content, ...(data !== null && { data }), createdAtMs,
      })),
    }));
  }

  /**
   * Adds what an archive carried to a video, all or nothing. Conversations that the library has already, removed or
   * not, are left as they are. Throws `memory-invalid` for a message that is in another conversation already.
   */
  import(videoId: string, conversations: readonly ArchivedConversation[]): { readonly added: number; readonly skipped: number } {
    return this.#database.transaction(() => {
      let added = 0;
      for (const conversation of conversations) {
        if (this.#has('conversations', conversation.id)) continue;
        this.#insert(videoId, conversation);
        added++;
      }
      return { added, skipped: conversations.length - added };
    });
  }

  #insert(videoId: string, { id: conversationId, title, activeLeafId, createdAtMs, updatedAtMs, messages }: ArchivedConversation): void {
    this.#database.run(`INSERT INTO conversations (id, videoId, title, createdAtMs, updatedAtMs)
      VALUES (:conversationId, :videoId, :title, :createdAtMs, :updatedAtMs)`, { conversationId, videoId, title, createdAtMs, updatedAtMs });
    for (const message of messages) {
      if (this.#has('messages', message.id)) throw refused(`message ${message.id} belongs to another conversation of this library`);
      this.#database.run(`INSERT INTO messages (id, conversationId, parentId, role, content, data, createdAtMs)
        VALUES (:id, :conversationId, :parentId, :role, :content, :data, :createdAtMs)`,
      { id: message.id, conversationId, parentId: message.parentId, role: message.role, content: message.content,
        data: toJson(message.data), createdAtMs: message.createdAtMs });
    }
    this.#database.run('UPDATE conversations SET activeLeafId = :activeLeafId WHERE id = :conversationId', { conversationId, activeLeafId });
  }

  #has(table: 'conversations' | 'messages', key: string): boolean {
    return this.#database.get(z.object({}), `SELECT 1 AS found FROM ${table} WHERE id = :key`, { key }) !== undefined;
  }
}

/**
 * Conversations of an archive, read without a library: shape, unique ids, parents before children, leaf among them.
 * Throws `memory-invalid` for anything that is not a tree of messages.
 */
export function parseArchivedConversations(value: unknown): ArchivedConversation[] {
  const parsed = archivedConversationsSchema.safeParse(value);
  if (!parsed.success) throw refused(z.prettifyError(parsed.error));
  const ids = new Set<string>();
  for (const conversation of parsed.data) {
    if (ids.has(conversation.id)) throw refused(`two conversations have the id ${conversation.id}`);
    ids.add(conversation.id);
    const messageIds = new Set<string>();
    for (const message of conversation.messages) {
      if (ids.has(message.id)) throw refused(`two messages have the id ${message.id}`);
      if (message.parentId !== null && !messageIds.has(message.parentId)) throw refused(`message ${message.id} comes before its parent ${message.parentId}`);
      ids.add(message.id);
      messageIds.add(message.id);
    }
    if (conversation.activeLeafId !== null && !messageIds.has(conversation.activeLeafId)) {
      throw refused(`the active message ${conversation.activeLeafId} is not in its conversation`);
    }
  }
  return parsed.data;
}

function refused(problem: string): LongtakeError {
  return new LongtakeError('memory-invalid', `The conversations of this archive cannot be imported: ${problem}. `
    + 'Ask for a new export, or import the memory without its conversations.');
}
