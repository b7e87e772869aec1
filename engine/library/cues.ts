import { z } from 'zod';
import type { Database } from './database.ts';

const cueSchema = z.object({ startSeconds: z.number(), text: z.string() });
/** One line of subtitles, at its time. */
export type IndexedCue = Readonly<z.infer<typeof cueSchema>>;

/** What is said in videos, for the search. The subtitles themselves are kept elsewhere. */
export class Cues {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Puts these in the place of all cues of a video. The same text at the same time, in two tracks, is kept once. */
  replace(videoId: string, cues: readonly IndexedCue[]): void {
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM cues WHERE videoId = :videoId', { videoId });
      const seen = new Set<string>();
      for (const { startSeconds, text } of cues) {
        const key = `${startSeconds} ${text}`;
        if (seen.has(key)) continue;
        seen.add(key);
        this.#database.run('INSERT INTO cues (videoId, startSeconds, text) VALUES (:videoId, :startSeconds, :text)', { videoId, startSeconds, text });
      }
    });
  }

  /** All lines of a video, in order. */
  list(videoId: string): IndexedCue[] {
    return this.#database.all(cueSchema, 'SELECT startSeconds, text FROM cues WHERE videoId = :videoId ORDER BY startSeconds, number', { videoId });
  }
}
