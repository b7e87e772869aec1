import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonText } from '../protocol/json-text.ts';
import { toJson, type Database } from './database.ts';
import { notFound } from './library-errors.ts';

const videoSchema = z.object({
  id: z.string(),
  fingerprint: z.string(),
  title: z.string(),
  durationSeconds: z.number().nullable().transform((value) => value ?? undefined),
  /** What media made of the file, as it was given. */
  probe: jsonText.nullable(),
  addedAtMs: z.int(),
  removedAtMs: z.int().nullable(),
  /** Where the video was last seen, newest first. Empty for one that came with an imported memory. */
  paths: jsonText.pipe(z.array(z.string())),
  /** Null for one that is in no folder, or in one that was removed. */
  folderId: z.string().nullable(),
});
export type Video = z.infer<typeof videoSchema>;

export type NewVideo = {
  readonly fingerprint: string;
  readonly title: string;
  readonly path?: string;
  readonly durationSeconds?: number | undefined;
  readonly probe?: unknown;
};

const select = `SELECT id, fingerprint, title, durationSeconds, probe, addedAtMs, removedAtMs,
  (SELECT json_group_array(path ORDER BY seenAtMs DESC, path) FROM videoPaths WHERE videoId = videos.id) AS paths,
  (SELECT folders.id FROM folderVideos JOIN folders ON folders.id = folderId WHERE videoId = videos.id AND folders.removedAtMs IS NULL) AS folderId FROM videos`;

/** Videos, each once however many paths lead to it. A fingerprint is what says that two files are one video. */
export class Videos {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Adds a video, or finds it again by fingerprint: then the path is noted, the probe renewed, a removal undone, and a
   * title that the user has given kept. A path that led to another video before leads to this one from now on.
   */
  upsert({ fingerprint, title, path, durationSeconds, probe }: NewVideo): Video {
    return this.#database.transaction(() => {
      this.#database.run(`INSERT INTO videos (id, fingerprint, title, durationSeconds, probe, addedAtMs)
        VALUES (:id, :fingerprint, :title, :durationSeconds, :probe, :now)
        ON CONFLICT (fingerprint) DO UPDATE SET removedAtMs = NULL, probe = coalesce(excluded.probe, probe),
          durationSeconds = coalesce(excluded.durationSeconds, durationSeconds)`,
      { id: randomUUID(), fingerprint, title, durationSeconds: durationSeconds ?? null, probe: toJson(probe), now: Date.now() });
      const video = this.findByFingerprint(fingerprint);
      if (video === undefined) throw notFound('video', fingerprint);
      if (path !== undefined) this.addPath(video.id, path);
      return this.get(video.id);
    });
  }

  get(id: string): Video {
    const video = this.#database.get(videoSchema, `${select} WHERE id = :id`, { id });
    if (video === undefined) throw notFound('video', id);
    return video;
  }

  findByFingerprint(fingerprint: string): Video | undefined {
    return this.#database.get(videoSchema, `${select} WHERE fingerprint = :fingerprint`, { fingerprint });
  }

  /** The video that was last seen at a path. Whether the file there still is that video, only its fingerprint says. */
  findByPath(path: string): Video | undefined {
    return this.#database.get(videoSchema, `${select} WHERE id = (SELECT videoId FROM videoPaths WHERE path = :path)`, { path });
  }

  /** Newest first. */
  list({ removed = false }: { readonly removed?: boolean } = {}): Video[] {
    return this.#database.all(videoSchema, `${select} WHERE (removedAtMs IS NOT NULL) = :removed ORDER BY number DESC`, { removed: Number(removed) });
  }

  rename(id: string, title: string): Video {
    if (this.#database.run('UPDATE videos SET title = :title WHERE id = :id', { id, title }) === 0) throw notFound('video', id);
    return this.get(id);
  }

  /** Relinks: notes that the video lies at a path. */
  addPath(id: string, path: string): void {
    this.get(id);
    this.#database.run(`INSERT INTO videoPaths (path, videoId, seenAtMs) VALUES (:path, :id, :now)
      ON CONFLICT (path) DO UPDATE SET videoId = excluded.videoId, seenAtMs = max(excluded.seenAtMs, seenAtMs + 1)`, { path, id, now: Date.now() });
  }

  /** Notes that a path no longer leads to its video. */
  forgetPath(path: string): void {
    this.#database.run('DELETE FROM videoPaths WHERE path = :path', { path });
  }

  /** Takes the video out of lists and search. Its memories and conversations stay until {@link purge}. */
  remove(id: string): void {
    if (this.#database.run('UPDATE videos SET removedAtMs = :now WHERE id = :id', { id, now: Date.now() }) === 0) throw notFound('video', id);
  }

  restore(id: string): Video {
    if (this.#database.run('UPDATE videos SET removedAtMs = NULL WHERE id = :id', { id }) === 0) throw notFound('video', id);
    return this.get(id);
  }

  /**
   * Deletes removed videos for good, with their memories, conversations and jobs; those removed before a time, or one.
   * @returns the directories of their memories, which are then the caller's to delete
   */
  purge(which: { readonly removedBeforeMs: number } | { readonly id: string }): string[] {
    const condition = 'id' in which ? 'id = :key AND removedAtMs IS NOT NULL' : 'removedAtMs < :key';
    const key = 'id' in which ? which.id : which.removedBeforeMs;
    return this.#database.transaction(() => {
      const directories = this.#database.all(z.object({ directory: z.string() }),
        `SELECT directory FROM memories WHERE videoId IN (SELECT id FROM videos WHERE ${condition})`, { key });
      this.#database.run(`DELETE FROM videos WHERE ${condition}`, { key });
      return directories.map(({ directory }) => directory);
    });
  }
}

/** Throws `not-found` where there is no such video. */
export function requireVideo(database: Database, videoId: string): void {
  if (database.get(z.object({}), 'SELECT 1 AS found FROM videos WHERE id = :videoId', { videoId }) === undefined) throw notFound('video', videoId);
}
