import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import type { Database } from './database.ts';
import { notFound } from './library-errors.ts';
import { requireVideo } from './videos.ts';

const folderSchema = z.object({ id: z.string(), name: z.string(), removedAtMs: z.int().nullable() });
export type Folder = z.infer<typeof folderSchema>;

const select = 'SELECT id, name, removedAtMs FROM folders';
const order = new Intl.Collator('en', { numeric: true });

/** Folders, by which a person groups videos. They say nothing of where files lie on the disk. */
export class Folders {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes a folder. Where one is called so already, a number behind the name tells them apart. */
  create(name: string): Folder {
    const id = randomUUID();
    return this.#database.transaction(() => {
      let free = name;
      for (let number = 2; this.findByName(free) !== undefined; number++) free = `${name} ${number}`;
      this.#database.run('INSERT INTO folders (id, name) VALUES (:id, :name)', { id, name: free });
      return this.get(id);
    });
  }

  get(id: string): Folder {
    const folder = this.#database.get(folderSchema, `${select} WHERE id = :id`, { id });
    if (folder === undefined) throw notFound('folder', id);
    return folder;
  }

  /** Capital letters make no other name. */
  findByName(name: string): Folder | undefined {
    const wanted = name.toLowerCase();
    return this.list().find((folder) => folder.name.toLowerCase() === wanted);
  }

  /** By name, numbers in it as numbers. */
  list(): Folder[] {
    return this.#database.all(folderSchema, `${select} WHERE removedAtMs IS NULL`).sort((one, other) => order.compare(one.name, other.name));
  }

  /** Throws `bad-argument` where another folder is called so. */
  rename(id: string, name: string): Folder {
    return this.#database.transaction(() => {
      this.get(id);
      const other = this.findByName(name);
      if (other !== undefined && other.id !== id) {
        throw new LongtakeError('bad-argument', `There is a folder called ${JSON.stringify(other.name)} already. Choose another name, or move the videos into that one.`, { name });
      }
      this.#database.run('UPDATE folders SET name = :name WHERE id = :id', { id, name });
      return this.get(id);
    });
  }

  /** Its videos stay, and are in no folder until {@link restore} undoes it. */
  remove(id: string): void {
    if (this.#database.run('UPDATE folders SET removedAtMs = :now WHERE id = :id', { id, now: Date.now() }) === 0) throw notFound('folder', id);
  }

  /** Undoes {@link remove}: videos that are in no other folder meanwhile are in it again. */
  restore(id: string): Folder {
    if (this.#database.run('UPDATE folders SET removedAtMs = NULL WHERE id = :id', { id }) === 0) throw notFound('folder', id);
    return this.get(id);
  }

  /** Puts videos into a folder, or with null into none. All or nothing: throws `not-found` where one of them is not there. */
  put(videoIds: readonly string[], folderId: string | null): void {
    this.#database.transaction(() => {
      if (folderId !== null && this.get(folderId).removedAtMs !== null) throw notFound('folder', folderId);
      for (const videoId of videoIds) {
        requireVideo(this.#database, videoId);
        this.#database.run('DELETE FROM folderVideos WHERE videoId = :videoId', { videoId });
        if (folderId !== null) this.#database.run('INSERT INTO folderVideos (videoId, folderId) VALUES (:videoId, :folderId)', { videoId, folderId });
      }
    });
  }

  /** Deletes removed folders for good. */
  purge(): void {
    this.#database.run('DELETE FROM folders WHERE removedAtMs IS NOT NULL');
  }
}
