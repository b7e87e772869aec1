import { z } from 'zod';
import { wireErrorResult } from './methods-app.ts';
import { messageSchema } from './methods-conversations.ts';
import { videoIdsSchema } from './methods-folders.ts';

const nothing = z.strictObject({});
const id = z.string().min(1).max(100);

/** A question that was asked of several videos. */
export const surveySchema = z.object({
  id, question: z.string(), createdAtMs: z.int(),
  videoCount: z.int(),
  askedCount: z.int().describe('of how many of them it was asked'),
  running: z.boolean().describe('videos are being asked, one after another'),
});
export type SurveyEntry = z.infer<typeof surveySchema>;

/** One video of it. */
export const surveyPartSchema = z.object({
  videoId: id,
  videoTitle: z.string(),
  /** Where it was asked, and can be talked about further; null until then. */
  conversationId: id.nullable(),
  /** An ordinary answer of that conversation; null while there is none. */
  answer: messageSchema.nullable(),
  waiting: z.boolean().describe('it is going to be asked'),
  /** Why it could not be asked, such as `not-found` where nothing of it is in memory. */
  error: wireErrorResult.nullable(),
});
export type SurveyPartEntry = z.infer<typeof surveyPartSchema>;

export const surveyMethods = {
  /** Newest first. */
  'surveys.list': { params: nothing, result: z.object({ surveys: z.array(surveySchema) }) },
  'surveys.get': { params: z.strictObject({ surveyId: id }), result: surveySchema.extend({ parts: z.array(surveyPartSchema) }) },
  /**
   * Asks every video in turn, in a new conversation of its own, and replies before the first answer. Videos of which nothing
   * is in memory are named and left out. Throws `question-empty`, and `bad-argument` without a video.
   */
  'surveys.ask': { params: z.strictObject({ question: z.string().max(100_000), videoIds: videoIdsSchema }), result: z.object({ surveyId: id }) },
  /** Asks those that have not been asked: after a stop, or once they are in memory. */
  'surveys.resume': { params: z.strictObject({ surveyId: id }), result: nothing },
  /** Ends the answer that is being written, and asks no further. What was said stays. */
  'surveys.stop': { params: z.strictObject({ surveyId: id }), result: nothing },
  /** Out of the lists; the conversations stay in their videos. `surveys.restore` undoes it until the engine ends. */
  'surveys.remove': { params: z.strictObject({ surveyId: id }), result: nothing },
  'surveys.restore': { params: z.strictObject({ surveyId: id }), result: nothing },
  /** All answers as a file's text, in a language of the interface. HTML holds no script and loads nothing. */
  'surveys.export': {
    params: z.strictObject({ surveyId: id, format: z.enum(['markdown', 'html', 'json']), language: z.enum(['en', 'zh']).default('en') }),
    result: z.object({ fileName: z.string(), text: z.string() }),
  },
} as const;
