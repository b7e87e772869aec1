import type { Database } from './database.ts';

/** One line of subtitles, at its time. */
export type IndexedCue = { readonly startSeconds: number; readonly text: string };

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
}
