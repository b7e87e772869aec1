import { z } from 'zod';
import { modelStatusSchema, settingsSchema } from './methods-app.ts';
import { answerProgressSchema, conversationSchema, messageSchema } from './methods-conversations.ts';
import { videoChaptersSchema } from './methods-chapters.ts';
import { jobSchema, librarySchema } from './methods-library.ts';
import { installedModelSchema, modelJobSchema } from './methods-models.ts';
import { singleAnswerStream } from './single-answer.ts';
import { surveyPartSchema, surveySchema, type SurveyPartEntry } from './methods-surveys.ts';

const nothing = z.strictObject({});
const id = z.string().min(1).max(100);

/** A piece of an answer's text, and where in it the piece stands (UTF-16 offset). */
const textEvent = z.object({ kind: z.literal('text'), messageId: id, offset: z.int().nonnegative(), text: z.string() });
/** How far an answer is on the way to its first word. */
const progressEvent = z.object({ kind: z.literal('progress'), messageId: id, progress: answerProgressSchema });

/** Every stream that a client may subscribe to. Each begins with the whole state. */
export const streams = {
  library: { params: nothing, event: librarySchema },
  queue: { params: nothing, event: z.object({ jobs: z.array(jobSchema) }) },
  model: { params: nothing, event: modelStatusSchema },
  /** What is installed, and what is on its way. */
  models: { params: nothing, event: z.object({ models: z.array(installedModelSchema), jobs: z.array(modelJobSchema) }) },
  settings: { params: nothing, event: settingsSchema },
  /** The library on its way to another place; null while it stays where it is. */
  move: {
    params: nothing,
    event: z.object({
      moving: z.object({
        stage: z.enum(['copy', 'open']).describe('open: it is closed here, and the engine ends next to open it in its new place'),
        share: z.number().nullable().describe('of what is copied, 0 to 1; null before that is known'),
      }).nullable(),
    }),
  },
  /** One answer outside of any conversation; nothing follows its end. */
  answer: singleAnswerStream,
  conversations: { params: z.strictObject({ videoId: id }), event: z.object({ conversations: z.array(conversationSchema) }) },
  /** Those of one video, and how far they are where they are being made. */
  chapters: { params: z.strictObject({ videoId: id }), event: videoChaptersSchema },
  conversation: {
    params: z.strictObject({ conversationId: id }),
    event: z.discriminatedUnion('kind', [
      /** Keep the first `from` messages, and put these in the place of all that follow. */
      z.object({ kind: z.literal('messages'), from: z.int().nonnegative(), messages: z.array(messageSchema) }),
      textEvent,
      progressEvent,
    ]),
  },
  surveys: { params: nothing, event: z.object({ surveys: z.array(surveySchema) }) },
  survey: {
    params: z.strictObject({ surveyId: id }),
    event: z.discriminatedUnion('kind', [
      /** Keep the first `count` parts; those at these places are new or have changed. */
      z.object({ kind: z.literal('parts'), survey: surveySchema, count: z.int().nonnegative(), changed: z.array(z.object({ at: z.int().nonnegative(), part: surveyPartSchema })) }),
      textEvent,
      progressEvent,
    ]),
  },
} as const;

export type Streams = typeof streams;
export type Stream = keyof Streams;
export type StreamParams<Name extends Stream> = z.output<Streams[Name]['params']>;
export type StreamEvent<Name extends Stream> = z.output<Streams[Name]['event']>;

export function isStream(name: string): name is Stream {
  return Object.hasOwn(streams, name);
}

/** A conversation after an event of its stream: what a client keeps. */
export function applyConversationEvent(
  messages: readonly StreamMessage[], event: StreamEvent<'conversation'>,
): readonly StreamMessage[] {
  if (event.kind === 'messages') return [...messages.slice(0, event.from), ...event.messages];
  return messages.map((message) => message.id === event.messageId ? written(message, event) : message);
}

/** The parts of a survey after an event of its stream: what a client keeps. */
export function applySurveyEvent(parts: readonly SurveyPartEntry[], event: StreamEvent<'survey'>): readonly SurveyPartEntry[] {
  if (event.kind !== 'parts') return parts.map((part) => part.answer?.id === event.messageId ? { ...part, answer: written(part.answer, event) } : part);
  const next = parts.slice(0, event.count);
  for (const { at, part } of event.changed) next[at] = part;
  return next;
}

/** An answer that has come further. */
function written(message: StreamMessage, event: Extract<StreamEvent<'survey'>, { kind: 'text' | 'progress' }>): StreamMessage {
  if (event.kind === 'text') return { ...message, content: message.content.slice(0, event.offset) + event.text };
  return message.answer === undefined ? message : { ...message, answer: { ...message.answer, progress: event.progress } };
}
type StreamMessage = z.output<typeof messageSchema>;
