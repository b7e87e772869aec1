import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from './database.ts';
import { notFound } from './library-errors.ts';

const stateSchema = z.enum(['growing', 'complete', 'damaged']);
const memorySchema = z.object({
  id: z.string(),
  videoId: z.string(),
  encoderFingerprint: z.string(),
  encoderName: z.string(),
  mode: z.enum(['exact', 'fast']),
  /** As it was given. Relative to the memories' folder, the library can be moved to another drive. */
  directory: z.string(),
  state: stateSchema,
  frameCount: z.int(),
  byteLength: z.int(),
  createdAtMs: z.int(),
});
export type MemoryEntry = z.infer<typeof memorySchema>;
export type MemoryState = z.infer<typeof stateSchema>;

export type MemoryKey = { readonly videoId: string; readonly encoderFingerprint: string; readonly mode: 'exact' | 'fast' };

const select = `SELECT id, videoId, encoderFingerprint, encoderName, mode, directory, state, frameCount, byteLength, createdAtMs FROM memories`;

/** Which memories there are and where. What is in one is said by its own manifest; this is what lists show. */
export class Memories {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The memory of a video, encoder and mode: the one that there is, or a new growing one. Of two processes that ask at
   * once, both get the same.
   * @param directoryOf names the folder of a new memory by its id
   */
  ensure(key: MemoryKey & { readonly encoderName: string }, directoryOf: (id: string) => string = (id) => id): MemoryEntry {
    const { videoId, encoderFingerprint, encoderName, mode } = key;
    return this.#database.transaction(() => {
      const found = this.find(key);
      if (found !== undefined) return found;
      const id = randomUUID();
      this.#database.run(`INSERT INTO memories
        (id, videoId, encoderFingerprint, encoderName, mode, directory, state, frameCount, byteLength, createdAtMs)
        VALUES (:id, :videoId, :encoderFingerprint, :encoderName, :mode, :directory, 'growing', 0, 0, :now)`,
      { id, videoId, encoderFingerprint, encoderName, mode, directory: directoryOf(id), now: Date.now() });
      return this.get(id);
    });
  }

  get(id: string): MemoryEntry {
    const memory = this.#database.get(memorySchema, `${select} WHERE id = :id`, { id });
    if (memory === undefined) throw notFound('memory', id);
    return memory;
  }

  find({ videoId, encoderFingerprint, mode }: MemoryKey): MemoryEntry | undefined {
    return this.#database.get(memorySchema,
      `${select} WHERE videoId = :videoId AND encoderFingerprint = :encoderFingerprint AND mode = :mode`, { videoId, encoderFingerprint, mode });
  }

  list(videoId?: string): MemoryEntry[] {
    return this.#database.all(memorySchema,
      `${select} WHERE :videoId IS NULL OR videoId = :videoId ORDER BY createdAtMs, id`, { videoId: videoId ?? null });
  }

  update(id: string, change: { readonly state?: MemoryState; readonly frameCount?: number; readonly byteLength?: number; readonly directory?: string }): void {
    const changed = this.#database.run(`UPDATE memories SET state = coalesce(:state, state), frameCount = coalesce(:frameCount, frameCount),
      byteLength = coalesce(:byteLength, byteLength), directory = coalesce(:directory, directory) WHERE id = :id`,
    { id, state: change.state ?? null, frameCount: change.frameCount ?? null, byteLength: change.byteLength ?? null, directory: change.directory ?? null });
    if (changed === 0) throw notFound('memory', id);
  }

  /** Forgets the entry. The folder is the caller's to delete. */
  remove(id: string): void {
    if (this.#database.run('DELETE FROM memories WHERE id = :id', { id }) === 0) throw notFound('memory', id);
  }
}
