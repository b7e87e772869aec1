import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonText } from '../protocol/json-text.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { toJson, type Database } from './database.ts';
import { notFound } from './library-errors.ts';

export const roleSchema = z.enum(['user', 'assistant']);
const messageSchema = z.object({
  number: z.int(),
  id: z.string(),
  conversationId: z.string(),
  parentId: z.string().nullable(),
  role: roleSchema,
  content: z.string(),
  /** Whatever belongs to an answer: citations, looked-at, timings. Null where nothing was given. */
  data: jsonText.nullable(),
  createdAtMs: z.int(),
  removedAtMs: z.int().nullable(),
});
export type Message = Omit<z.infer<typeof messageSchema>, 'number'>;
export type MessageRole = z.infer<typeof roleSchema>;

/** A message with the ids of its siblings, itself among them, in order of creation: what a branch switcher shows. */
export type MessageWithSiblings = Message & { readonly siblingIds: readonly string[] };

export type NewMessage = {
  readonly conversationId: string;
  /** Null for the first message of a conversation, and for another beginning of it. */
  readonly parentId: string | null;
  readonly role: MessageRole;
  readonly content: string;
  readonly data?: unknown;
};

const columns = 'number, id, conversationId, parentId, role, content, data, createdAtMs, removedAtMs';
const idSchema = z.object({ id: z.string() });
const subtree = `WITH RECURSIVE subtree (id) AS (
  SELECT :id UNION ALL SELECT messages.id FROM messages JOIN subtree ON messages.parentId = subtree.id)`;

/**
 * Messages as a tree. To regenerate an answer or to edit a question is to append a sibling under the same parent; the
 * conversation's active leaf says which branch is shown.
 */
export class Messages {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Appends a message and makes it the active leaf. Throws `not-found` where conversation or parent is not there. */
  append({ conversationId, parentId, role, content, data }: NewMessage): Message {
    const id = randomUUID();
    return this.#database.transaction(() => {
      if (this.#database.get(idSchema, 'SELECT id FROM conversations WHERE id = :conversationId', { conversationId }) === undefined) {
        throw notFound('conversation', conversationId);
      }
      if (parentId !== null) {
        const parent = this.get(parentId);
        if (parent.conversationId !== conversationId || parent.removedAtMs !== null) throw notFound('message', parentId);
      }
      this.#database.run(`INSERT INTO messages (id, conversationId, parentId, role, content, data, createdAtMs)
        VALUES (:id, :conversationId, :parentId, :role, :content, :data, :now)`,
      { id, conversationId, parentId, role, content, data: toJson(data), now: Date.now() });
      this.#activate(conversationId, id);
      return this.get(id);
    });
  }

  /** Changes what a message says: a streamed answer when it ends or is stopped. */
  update(id: string, change: { readonly content?: string; readonly data?: unknown }): Message {
    const changed = this.#database.run('UPDATE messages SET content = coalesce(:content, content), data = coalesce(:data, data) WHERE id = :id',
      { id, content: change.content ?? null, data: toJson(change.data) });
    if (changed === 0) throw notFound('message', id);
    return this.get(id);
  }

  get(id: string): Message {
    const message = this.#database.get(messageSchema, `SELECT ${columns} FROM messages WHERE id = :id`, { id });
    if (message === undefined) throw notFound('message', id);
    return withoutNumber(message);
  }

  /** From the first message down to `leafId`: the turns that a model is given. */
  path(leafId: string): Message[] {
    const rows = this.#database.all(messageSchema, `WITH RECURSIVE path (id, parentId) AS (
      SELECT id, parentId FROM messages WHERE id = :leafId
      UNION ALL SELECT messages.id, messages.parentId FROM messages JOIN path ON messages.id = path.parentId)
      SELECT ${columns} FROM messages WHERE id IN (SELECT id FROM path) ORDER BY number`, { leafId });
    if (rows.length === 0) throw notFound('message', leafId);
    return rows.map(withoutNumber);
  }

  /** The branch that is shown, each message with its siblings. Empty for a conversation without messages. */
  activePath(conversationId: string): MessageWithSiblings[] {
    const leaf = this.#database.get(z.object({ activeLeafId: z.string().nullable() }),
      'SELECT activeLeafId FROM conversations WHERE id = :conversationId', { conversationId });
    if (leaf === undefined) throw notFound('conversation', conversationId);
    if (leaf.activeLeafId === null) return [];
    const siblings = new Map<string | null, string[]>();
    for (const { id, parentId } of this.#database.all(z.object({ id: z.string(), parentId: z.string().nullable() }),
      'SELECT id, parentId FROM messages WHERE conversationId = :conversationId AND removedAtMs IS NULL ORDER BY number', { conversationId })) {
      siblings.set(parentId, [...siblings.get(parentId) ?? [], id]);
    }
    return this.path(leaf.activeLeafId).map((message) => ({ ...message, siblingIds: siblings.get(message.parentId) ?? [] }));
  }

  /** Every message of a conversation that is not removed, in order of creation: parents before children. */
  list(conversationId: string): Message[] {
    return this.#database.all(messageSchema, `SELECT ${columns} FROM messages
      WHERE conversationId = :conversationId AND removedAtMs IS NULL ORDER BY number`, { conversationId }).map(withoutNumber);
  }

  /** What was asked about a video, in all of its conversations that are there. */
  questions(videoId: string): string[] {
    return this.#database.all(z.object({ content: z.string() }), `SELECT DISTINCT content FROM messages JOIN conversations ON conversations.id = conversationId
      WHERE videoId = :videoId AND role = 'user' AND messages.removedAtMs IS NULL AND conversations.removedAtMs IS NULL`, { videoId }).map(({ content }) => content);
  }

  /** Shows the branch that a message is on, down to its newest end. Returns that leaf. */
  select(id: string): Message {
    return this.#database.transaction(() => {
      const message = this.get(id);
      if (message.removedAtMs !== null) throw notFound('message', id);
      const leafId = this.#newestLeaf(id);
      this.#activate(message.conversationId, leafId);
      return this.get(leafId);
    });
  }

  /** Takes a message and everything below it away. The branch shown becomes that of its neighbour, or ends at its parent. */
  remove(id: string): void {
    this.#database.transaction(() => {
      const { conversationId, parentId, removedAtMs } = this.get(id);
      if (removedAtMs !== null) return; // gone already, perhaps with its parent, which then must not become the leaf
      this.#database.run(`${subtree} UPDATE messages SET removedWithId = :id, removedAtMs = :now
        WHERE removedAtMs IS NULL AND id IN (SELECT id FROM subtree)`, { id, now: Date.now() });
      const active = this.#database.get(idSchema, `SELECT messages.id FROM conversations JOIN messages ON messages.id = activeLeafId
        WHERE conversations.id = :conversationId AND messages.removedAtMs IS NULL`, { conversationId });
      if (active !== undefined) return;
      const neighbour = this.#database.get(idSchema, `SELECT id FROM messages WHERE conversationId = :conversationId
        AND parentId IS :parentId AND removedAtMs IS NULL ORDER BY number DESC LIMIT 1`, { conversationId, parentId });
      this.#activate(conversationId, neighbour === undefined ? parentId : this.#newestLeaf(neighbour.id));
    });
  }

  /** Undoes {@link remove} for the same message, and shows it. */
  restore(id: string): Message {
    return this.#database.transaction(() => {
      const { parentId } = this.get(id);
      if (parentId !== null && this.get(parentId).removedAtMs !== null) {
        throw new LongtakeError('bad-argument', `Message ${id} cannot come back before the one it answers.`, { id, parentId });
      }
      this.#database.run('UPDATE messages SET removedWithId = NULL, removedAtMs = NULL WHERE removedWithId = :id', { id });
      return this.select(id);
    });
  }

  /** Follows the newest child at every step. */
  #newestLeaf(id: string): string {
    let leaf = id;
    for (;;) {
      const child = this.#database.get(idSchema, `SELECT id FROM messages WHERE parentId = :leaf AND removedAtMs IS NULL
        ORDER BY number DESC LIMIT 1`, { leaf });
      if (child === undefined) return leaf;
      leaf = child.id;
    }
  }

  #activate(conversationId: string, leafId: string | null): void {
    this.#database.run('UPDATE conversations SET activeLeafId = :leafId, updatedAtMs = :now WHERE id = :conversationId',
      { conversationId, leafId, now: Date.now() });
  }
}

function withoutNumber({ id, conversationId, parentId, role, content, data, createdAtMs, removedAtMs }: z.infer<typeof messageSchema>): Message {
  return { id, conversationId, parentId, role, content, data, createdAtMs, removedAtMs };
}
