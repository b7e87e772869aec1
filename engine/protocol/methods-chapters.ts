import { z } from 'zod';
import { wireErrorResult } from './methods-app.ts';

const nothing = z.strictObject({});
const videoId = z.string().min(1).max(100);

/** What is done at the moment, or how it has ended without an end. */
const chapterJobSchema = z.object({
  /** `waiting`: behind the chapters of another video. `unfinished`: some are made, nobody goes on. */
  state: z.enum(['waiting', 'making', 'unfinished', 'failed']),
  stage: z.enum(['prepare-model', 'chapter-cuts', 'chapters', 'summary']),
  /** Of the stage, 0 to 1; null where it has no length. */
  share: z.number().nullable(),
  told: z.int().describe('chapters that have their words'),
  total: z.int().describe('0 before they are cut'),
  etaSeconds: z.number().nullable(),
  error: wireErrorResult.nullable(),
});

export const chapterSchema = z.object({ startSeconds: z.number(), endSeconds: z.number(), title: z.string().describe('empty where it has none'), text: z.string() });

/** What is shown of a video: those that a model made, before those of its file, before those that are unfinished. */
export const videoChaptersSchema = z.object({
  source: z.enum(['made', 'file', 'unfinished', 'none']),
  chapters: z.array(chapterSchema),
  summary: z.string().describe('empty where there is none'),
  model: z.string().nullable().describe('that made them'),
  job: chapterJobSchema.nullable(),
});
export type VideoChapters = z.infer<typeof videoChaptersSchema>;
export type ChapterEntry = z.infer<typeof chapterSchema>;

export const chapterMethods = {
  /** Clients that stay use the stream `chapters`. */
  'chapters.get': { params: z.strictObject({ videoId }), result: videoChaptersSchema },
  /**
   * Begins to make them with the model in use, from the memory, or goes on where an earlier run with the same model has
   * ended; replies at once. What is shown stays until all are made. What fails is the job's `error`.
   */
  'chapters.make': { params: z.strictObject({ videoId }), result: nothing },
  /** What is told stays; `chapters.make` goes on. */
  'chapters.stop': { params: z.strictObject({ videoId }), result: nothing },
  /** Those that a model made, with what is unfinished; the file's own are shown again. `chapters.restore` undoes it. */
  'chapters.remove': { params: z.strictObject({ videoId }), result: nothing },
  'chapters.restore': { params: z.strictObject({ videoId }), result: nothing },
  /** The title of one that a model made, by its place, from 0. */
  'chapters.rename': { params: z.strictObject({ videoId, position: z.int().nonnegative(), title: z.string().trim().min(1).max(200) }), result: nothing },
  /** What is shown, as the text of a file. `problems`: why YouTube would not take it. Throws `not-found` where there are none. */
  'chapters.export': {
    params: z.strictObject({ videoId, format: z.enum(['text', 'srt', 'csv', 'youtube']), language: z.enum(['en', 'zh']).default('en') }),
    result: z.object({ fileName: z.string(), text: z.string(), problems: z.array(z.enum(['fewer-than-three', 'shorter-than-ten-seconds'])) }),
  },
} as const;
