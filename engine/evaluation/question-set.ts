import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';

const evidenceSchema = z.object({ startSeconds: z.number(), endSeconds: z.number() });

const questionSchema = z.object({
  /** One of VideoMarathon's 22 tasks, and its topic. */
  task: z.string(),
  topic: z.string(),
  form: z.enum(['open-ended', 'multiple-choice']),
  /** Finer than the task: which generator of the world made it. */
  kind: z.string().optional(),
  /** Exactly what is asked, options included. */
  question: z.string(),
  /** Turns before it, for questions that only they make sense of. */
  earlier: z.array(z.object({ question: z.string(), reply: z.string() })).optional(),
  options: z.array(z.string()).optional(),
  /** The key that the reply must name: "red", "yes", "12:40", "B", "3". */
  answer: z.string(),
  /** Every key of the same kind: a reply is right where it names the answer and no other of these. */
  values: z.array(z.string()).optional(),
  /** Several keys for a reply with several parts; then each must be named, and these alone count. */
  facts: z.array(z.object({ answer: z.string(), values: z.array(z.string()) })).optional(),
  /** The video does not show what is asked about: only declining is right. */
  unanswerable: z.boolean().optional(),
  /** What the question is about, where it is one thing; see `things`. */
  subject: z.string().optional(),
  evidence: z.array(evidenceSchema),
});

const questionSetSchema = z.object({
  video: z.string(),
  seconds: z.number().positive(),
  /** Whether the wordings were trained on or held out. */
  wording: z.enum(['train', 'held_out']).optional(),
  /** Everything that the video shows under a name. */
  things: z.array(z.string()).optional(),
  questions: z.array(questionSchema),
});

export type Question = z.infer<typeof questionSchema>;
export type QuestionSet = Omit<z.infer<typeof questionSetSchema>, 'video'> & { readonly name: string; readonly videoFile: string };

/**
 * Reads every `NAME.json` of a folder that stands beside its video (`training/… render` writes such pairs).
 * Throws `file-not-found` where there is none, `bad-argument` where one does not have the form.
 */
export function readQuestionSets(directory: string): QuestionSet[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => name.endsWith('.json')).sort();
  } catch (cause) {
    throw new LongtakeError('file-not-found', `There is no folder ${directory} to read question sets from.`, { directory }, { cause });
  }
  const sets = names.map((name) => readQuestionSet(path.join(directory, name)));
  if (sets.length === 0) {
    throw new LongtakeError('file-not-found',
      `${directory} holds no question set. It needs NAME.json beside NAME.mp4; the render command in training/ writes both.`, { directory });
  }
  return sets;
}

function readQuestionSet(file: string): QuestionSet {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new LongtakeError('bad-argument', `${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}.`, { file }, { cause });
  }
  const parsed = questionSetSchema.safeParse(json);
  if (!parsed.success) {
    throw new LongtakeError('bad-argument', `${file} is no question set: ${z.prettifyError(parsed.error)}`, { file });
  }
  const { video, ...rest } = parsed.data;
  return { ...rest, name: path.basename(file, '.json'), videoFile: path.resolve(path.dirname(file), video) };
}
