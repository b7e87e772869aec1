import { z } from 'zod';
import { answerProgressSchema, answerSchema, rangeSchema } from './methods-conversations.ts';

const id = z.string().min(1).max(100);

/** A question that belongs to no conversation: whoever asks brings the turns so far, and nothing is kept. */
const params = z.strictObject({
  videoId: id,
  /** Alternate, and end with a question. */
  turns: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string().max(100_000) })).min(1).max(1000),
  range: rangeSchema.exactOptional(),
  maxNewTokens: z.int().min(1).max(4096).exactOptional(),
  /** 0 takes the likeliest token each time; above it, tokens are sampled. Where neither is said, as the settings say. */
  temperature: z.number().min(0).max(2).exactOptional(),
  topP: z.number().gt(0).max(1).exactOptional(),
  seed: z.int().exactOptional(),
  /** The answer ends before any of these. */
  stop: z.array(z.string().min(1).max(1000)).max(16).exactOptional(),
});

const answer = z.object({
  text: z.string(),
  ended: z.enum(['complete', 'length']),
  ...answerSchema.required({ coverage: true, model: true, provider: true, timings: true })
    .pick({ coverage: true, citations: true, droppedTurns: true, subtitles: true, model: true, provider: true, timings: true }).shape,
  /** The moments that got most attention, in the order of the video, with their shares of it. */
  moments: z.array(z.object({ seconds: z.number(), share: z.number() })),
  tokens: z.object({ prompt: z.int(), video: z.int(), answer: z.int() }),
});
export type SingleAnswer = z.infer<typeof answer>;

/** The answer's text in pieces, then the answer; who unsubscribes before stops it. */
export const singleAnswerStream = {
  params,
  event: z.discriminatedUnion('kind', [
    /** Behind another answer, or the preparation of the model. */
    z.object({ kind: z.literal('waiting') }),
    z.object({ kind: z.literal('progress'), progress: answerProgressSchema }),
    z.object({ kind: z.literal('text'), text: z.string() }),
    z.object({ kind: z.literal('end'), answer }),
  ]),
} as const;
