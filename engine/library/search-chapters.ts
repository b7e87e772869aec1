import { z } from 'zod';
import type { Database } from './database.ts';

const chapterSchema = z.object({ videoId: z.string(), title: z.string(), startSeconds: z.number(), text: z.string() });
/** `title` is the video's, `text` what the chapter is called and what is told of it. */
export type FoundChapter = z.infer<typeof chapterSchema>;

/** As they are shown: those that a model made, and of a video without, those of its file. */
const shown = `
SELECT videos.number, videos.id AS videoId, videos.title AS title, startSeconds,
  CASE WHEN coalesce(chapters.title, '') = '' OR chapters.text = '' THEN coalesce(chapters.title, '') || chapters.text ELSE chapters.title || ' – ' || chapters.text END AS text
FROM chapters JOIN chapterSets ON chapterSets.id = setId AND state = 'complete' JOIN videos ON videos.id = videoId
WHERE videos.removedAtMs IS NULL
UNION ALL
SELECT videos.number, videos.id, videos.title, json_extract(chapter.value, '$.startSeconds'), trim(json_extract(chapter.value, '$.title'))
FROM videos, json_each(CASE WHEN json_valid(probe) THEN probe ELSE '{}' END, '$.chapters') AS chapter
WHERE videos.removedAtMs IS NULL AND json_extract(chapter.value, '$.startSeconds') >= 0 AND json_type(chapter.value, '$.title') = 'text'
  AND NOT EXISTS (SELECT 1 FROM chapterSets WHERE videoId = videos.id AND state = 'complete')
ORDER BY number DESC, startSeconds`;

/**
 * Chapters whose words contain every term, in part of a word too, in any case and with or without accents. There are tens of them
 * an hour of video, so all of them are read: an index would cost more than it saves.
 */
export function searchChapters(database: Database, terms: readonly string[], limit: number): FoundChapter[] {
  const needles = terms.map(bare);
  return database.all(chapterSchema, shown).filter(({ text }) => {
    const words = bare(text);
    return needles.every((needle) => words.includes(needle));
  }).slice(0, limit);
}

function bare(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{Mark}/gu, '').toLowerCase();
}
