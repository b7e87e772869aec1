import { z } from 'zod';
import type { Database } from './database.ts';
import { searchChapters } from './search-chapters.ts';
import { makeSnippet, searchTerms, type Snippet } from './snippet.ts';

const hitSchema = z.object({
  kind: z.enum(['message', 'conversation', 'video', 'subtitle', 'chapter', 'folder', 'survey']),
  /** Null for a folder and for a question across videos, which are found by their own id. */
  videoId: z.string().nullable(),
  conversationId: z.string().nullable(),
  messageId: z.string().nullable(),
  folderId: z.string().nullable(),
  surveyId: z.string().nullable(),
  /** Where in the video a line is said or a chapter begins; null for anything else. */
  startSeconds: z.number().nullable(),
  /** Of the conversation, of the video for a hit in a video's title, subtitles or chapters, or what was found itself. */
  title: z.string(),
  text: z.string(),
});
/** Something found: the ids lead to it, the snippet shows why. */
export type SearchHit = Omit<z.infer<typeof hitSchema>, 'text'> & Snippet;

/** Columns of a hit that a kind does not have. */
const none = (...columns: readonly string[]): string => columns.map((column) => `NULL AS ${column}`).join(', ');
/** What was asked of several videos at once is found once, as a question across videos. */
const ofSurvey = (id: string): string => `EXISTS (SELECT 1 FROM surveyParts JOIN surveys ON surveys.id = surveyId WHERE surveyParts.questionId = ${id} AND surveys.removedAtMs IS NULL)`;

const sources = [
  {
    table: 'folders', column: 'name',
    select: `SELECT 'folder' AS kind, folders.id AS folderId, folders.name AS title, folders.name AS text, ${none('videoId', 'conversationId', 'messageId', 'surveyId', 'startSeconds')}`,
    from: 'FROM folders', visible: 'folders.removedAtMs IS NULL',
  },
  {
    table: 'videos', column: 'title',
    select: `SELECT 'video' AS kind, videos.id AS videoId, videos.title AS title, videos.title AS text, ${none('conversationId', 'messageId', 'folderId', 'surveyId', 'startSeconds')}`,
    from: 'FROM videos', visible: 'videos.removedAtMs IS NULL',
  },
  {
    table: 'surveys', column: 'question',
    select: `SELECT 'survey' AS kind, surveys.id AS surveyId, surveys.question AS title, surveys.question AS text, ${none('videoId', 'conversationId', 'messageId', 'folderId', 'startSeconds')}`,
    from: 'FROM surveys', visible: 'surveys.removedAtMs IS NULL',
  },
  {
    table: 'conversations', column: 'title',
    select: `SELECT 'conversation' AS kind, videoId, conversations.id AS conversationId,
      conversations.title AS title, conversations.title AS text, ${none('messageId', 'folderId', 'surveyId', 'startSeconds')}`,
    from: 'FROM conversations JOIN videos ON videos.id = videoId',
    visible: `conversations.removedAtMs IS NULL AND videos.removedAtMs IS NULL AND NOT EXISTS (SELECT 1 FROM messages AS asked
      WHERE asked.conversationId = conversations.id AND asked.parentId IS NULL AND instr(asked.content, conversations.title) = 1 AND ${ofSurvey('asked.id')})`,
  },
  {
    table: 'messages', column: 'content',
    select: `SELECT 'message' AS kind, videoId, conversationId, messages.id AS messageId, conversations.title AS title, messages.content AS text, ${none('folderId', 'surveyId', 'startSeconds')}`,
    from: 'FROM messages JOIN conversations ON conversations.id = conversationId JOIN videos ON videos.id = videoId',
    visible: `messages.removedAtMs IS NULL AND conversations.removedAtMs IS NULL AND videos.removedAtMs IS NULL AND NOT ${ofSurvey('messages.id')}`,
  },
  {
    table: 'cues', column: 'text',
    select: `SELECT 'subtitle' AS kind, videoId, videos.title AS title, cues.text AS text, startSeconds, ${none('conversationId', 'messageId', 'folderId', 'surveyId')}`,
    from: 'FROM cues JOIN videos ON videos.id = videoId', visible: 'videos.removedAtMs IS NULL',
  },
] as const;

/**
 * Finds folders, videos, questions across videos, conversations, messages, lines of subtitles and chapters that contain every word (or "quoted phrase") of the query, in part of a
 * word too. Titles come first, then messages by relevance and age, then subtitles, then chapters. Where the limit cuts, no kind crowds out
 * another one: each has its share, and what one leaves the others get. An empty query finds nothing.
 */
export function search(database: Database, query: string, { limit = 50 }: { readonly limit?: number } = {}): SearchHit[] {
  const terms = searchTerms(query);
  if (terms.length === 0) return [];
  // Trigrams need three characters; shorter words (common in Chinese) are looked for in what is left, or in everything.
  const long = terms.filter((term) => [...term].length >= 3);
  const short = terms.filter((term) => [...term].length < 3);
  const indexed = sources.map(({ table, column, select, from, visible }) => {
    const text = `${table}.${column}`;
    const matches = long.length === 0 ? '' : `JOIN ${table}Index ON ${table}Index.rowid = ${table}.number`;
    const conditions = [
      visible,
      ...long.length === 0 ? [] : [`${table}Index MATCH :match`],
      ...short.map((_, index) => `instr(lower(${text}), lower(:short${index})) > 0`),
    ];
    const order = long.length === 0 ? `${table}.number DESC` : `${table}Index.rank, ${table}.number DESC`;
    return database.all(hitSchema, `${select} ${from} ${matches} WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT :limit`, {
      limit,
      ...long.length > 0 && { match: long.map((term) => `"${term.replaceAll('"', '""')}"`).join(' AND ') },
      ...Object.fromEntries(short.map((term, index) => [`short${index}`, term])),
    });
  });
  const chapters = searchChapters(database, terms, limit).map((chapter) => ({ kind: 'chapter' as const, ...chapter, conversationId: null, messageId: null, folderId: null, surveyId: null }));
  const found = [...indexed, chapters];
  const shares = shareFairly(found.map((rows) => rows.length), limit);
  return found.flatMap((rows, index) => rows.slice(0, shares[index]).map(({ text: whole, ...hit }) => ({ ...hit, ...makeSnippet(whole, terms) })));
}

/** How many of each of several kinds are taken where `limit` are taken in all: as many of each, less of what has fewer. */
function shareFairly(counts: readonly number[], limit: number): number[] {
  const shares = counts.map(() => 0);
  let left = limit;
  const fewestFirst = [...counts.entries()].sort(([, one], [, other]) => one - other);
  for (const [place, [index, count]] of fewestFirst.entries()) {
    const share = Math.min(count, Math.floor(left / (counts.length - place)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}
