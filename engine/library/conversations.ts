import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from './database.ts';
import { notFound } from './library-errors.ts';
import { requireVideo } from './videos.ts';

const conversationSchema = z.object({
  id: z.string(),
  videoId: z.string(),
  title: z.string(),
  /** The last message of the branch that is shown; null while there is none. */
  activeLeafId: z.string().nullable(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
  removedAtMs: z.int().nullable(),
});
export type Conversation = z.infer<typeof conversationSchema>;

const select = 'SELECT id, videoId, title, activeLeafId, createdAtMs, updatedAtMs, removedAtMs FROM conversations';

/** Conversations about a video, several each. */
export class Conversations {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  create({ videoId, title }: { readonly videoId: string; readonly title: string }): Conversation {
    const id = randomUUID();
    return this.#database.transaction(() => {
      requireVideo(this.#database, videoId);
      this.#database.run(`INSERT INTO conversations (id, videoId, title, createdAtMs, updatedAtMs)
        VALUES (:id, :videoId, :title, :now, :now)`, { id, videoId, title, now: Date.now() });
      return this.get(id);
    });
  }

  get(id: string): Conversation {
    const conversation = this.#database.get(conversationSchema, `${select} WHERE id = :id`, { id });
    if (conversation === undefined) throw notFound('conversation', id);
    return conversation;
  }

  /** Those of one video, or all; last used first. */
  list({ videoId, removed = false }: { readonly videoId?: string; readonly removed?: boolean } = {}): Conversation[] {
    return this.#database.all(conversationSchema, `${select} WHERE (:videoId IS NULL OR videoId = :videoId)
      AND (removedAtMs IS NOT NULL) = :removed ORDER BY updatedAtMs DESC, number DESC`, { videoId: videoId ?? null, removed: Number(removed) });
  }

  rename(id: string, title: string): Conversation {
    if (this.#database.run('UPDATE conversations SET title = :title WHERE id = :id', { id, title }) === 0) throw notFound('conversation', id);
    return this.get(id);
  }

  /** Takes it out of lists and search; {@link restore} undoes it, {@link purge} makes it final. */
  remove(id: string): void {
    if (this.#database.run('UPDATE conversations SET removedAtMs = :now WHERE id = :id', { id, now: Date.now() }) === 0) {
      throw notFound('conversation', id);
    }
  }

  restore(id: string): Conversation {
    if (this.#database.run('UPDATE conversations SET removedAtMs = NULL WHERE id = :id', { id }) === 0) throw notFound('conversation', id);
    return this.get(id);
  }

  /** Deletes for good what was removed before a time: conversations, and messages within those that stay. */
  purge({ removedBeforeMs }: { readonly removedBeforeMs: number }): void {
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM conversations WHERE removedAtMs < :removedBeforeMs', { removedBeforeMs });
      this.#database.run('DELETE FROM messages WHERE removedAtMs < :removedBeforeMs', { removedBeforeMs });
    });
  }
}
