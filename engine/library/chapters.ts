import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonText } from '../protocol/json-text.ts';
import type { Database } from './database.ts';
import { notFound } from './library-errors.ts';

type ChapterSetState = 'making' | 'complete' | 'removed';
const setSchema = z.object({ id: z.string(), videoId: z.string(), model: z.string(), summary: z.string() });
const chapterSchema = z.object({
  startSeconds: z.number(),
  endSeconds: z.number(),
  clipStartSeconds: jsonText.pipe(z.array(z.number())),
  /** Null until it has been told; empty where the model had no name for it. */
  title: z.string().nullable(),
  text: z.string(),
});
export type MadeChapter = z.infer<typeof chapterSchema>;
export type NewChapter = Pick<MadeChapter, 'startSeconds' | 'endSeconds' | 'clipStartSeconds'>;
/** Chapters in order. The summary is empty until there is one. */
export type ChapterSet = z.infer<typeof setSchema> & { readonly chapters: readonly MadeChapter[] };

/** Chapters that models made, with the name of the model. Of a video there is at most one set in each state. */
export class Chapters {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  find(videoId: string, state: ChapterSetState): ChapterSet | undefined {
    const set = this.#database.get(setSchema, 'SELECT id, videoId, model, summary FROM chapterSets WHERE videoId = :videoId AND state = :state', { videoId, state });
    return set && {
      ...set,
      chapters: this.#database.all(chapterSchema, `SELECT startSeconds, endSeconds, clipStartSeconds, title, text FROM chapters
        WHERE setId = :setId ORDER BY position`, { setId: set.id }),
    };
  }

  /** Begins a set of chapters that nothing has been told of, in the place of one that was begun before. */
  begin(videoId: string, model: string, chapters: readonly NewChapter[]): ChapterSet {
    return this.#database.transaction(() => {
      this.#forget(videoId, 'making');
      const id = randomUUID();
      this.#database.run(`INSERT INTO chapterSets (id, videoId, state, model, createdAtMs) VALUES (:id, :videoId, 'making', :model, :now)`,
        { id, videoId, model, now: Date.now() });
      for (const [position, { startSeconds, endSeconds, clipStartSeconds }] of chapters.entries()) {
        this.#database.run(`INSERT INTO chapters (setId, position, startSeconds, endSeconds, clipStartSeconds)
          VALUES (:id, :position, :startSeconds, :endSeconds, :clips)`, { id, position, startSeconds, endSeconds, clips: JSON.stringify(clipStartSeconds) });
      }
      return { id, videoId, model, summary: '', chapters: chapters.map((chapter) => ({ ...chapter, clipStartSeconds: [...chapter.clipStartSeconds], title: null, text: '' })) };
    });
  }

  /** Keeps what a model said of a chapter. Throws `not-found` where the set is gone. */
  tell(setId: string, position: number, { title, text }: { readonly title: string; readonly text: string }): void {
    this.#change('UPDATE chapters SET title = :title, text = :text WHERE setId = :setId AND position = :position', { setId, position, title, text });
  }

  /** The set is what is shown from now on, in the place of the one before. Throws `not-found` where it is gone. */
  complete(setId: string, summary: string): void {
    this.#database.transaction(() => {
      this.#database.run(`DELETE FROM chapterSets WHERE state = 'complete' AND videoId = (SELECT videoId FROM chapterSets WHERE id = :setId)`, { setId });
      this.#change(`UPDATE chapterSets SET state = 'complete', summary = :summary WHERE id = :setId AND state = 'making'`, { setId, summary });
    });
  }

  /** Throws `not-found` where the video has no chapter there that was made. */
  rename(videoId: string, position: number, title: string): void {
    this.#change(`UPDATE chapters SET title = :title WHERE position = :position
      AND setId = (SELECT id FROM chapterSets WHERE videoId = :setId AND state = 'complete')`, { setId: videoId, position, title });
  }

  /** Takes away what was made of a video; {@link restore} brings the complete ones back. What was only begun goes for good. */
  remove(videoId: string): void {
    this.#database.transaction(() => {
      this.#forget(videoId, 'making');
      if (this.find(videoId, 'complete') === undefined) return;
      this.#forget(videoId, 'removed');
      this.#database.run(`UPDATE chapterSets SET state = 'removed' WHERE videoId = :videoId AND state = 'complete'`, { videoId });
    });
  }

  /** Brings back what was removed, unless there are others by now. */
  restore(videoId: string): void {
    this.#database.transaction(() => {
      if (this.find(videoId, 'complete') === undefined) this.#database.run(`UPDATE chapterSets SET state = 'complete' WHERE videoId = :videoId AND state = 'removed'`, { videoId });
    });
  }

  #forget(videoId: string, state: ChapterSetState): void {
    this.#database.run('DELETE FROM chapterSets WHERE videoId = :videoId AND state = :state', { videoId, state });
  }

  #change(sql: string, parameters: { readonly setId: string } & Readonly<Record<string, string | number>>): void {
    if (this.#database.run(sql, parameters) === 0) throw notFound('chapter', parameters.setId);
  }
}
