import { existsSync } from 'node:fs';
import { isLongtakeError, throwIfCancelled, type LongtakeError } from '../protocol/errors.ts';
import { requireQuestion } from '../chat/budget.ts';
import type { Memory } from '../memory/index.ts';
import type { Answer } from './answer.ts';
import { Answerer, type AskOptions } from './answerer.ts';
import { ConversationRecorder } from './conversation-recorder.ts';
import { openEngine, type Engine } from './engine.ts';
import { ingestVideo, openKnownMemory } from './ingest.ts';
import type { AnswerSettings } from './settings.ts';

export type AcrossOptions = AskOptions & {
  /** Called before a video is asked, or where it could not be. */
  readonly onVideo?: ((title: string) => void) | undefined;
};

/** What one video said, or why it said nothing. */
export type AcrossAnswer = { readonly title: string; readonly videoId: string | null } & ({ readonly answer: Answer } | { readonly error: LongtakeError });
export type Across = { readonly surveyId: string | null; readonly model: string; readonly provider: string; readonly answers: readonly AcrossAnswer[]; readonly stopped: boolean };

type Ready = { readonly title: string; readonly videoId: string; readonly memory: Memory };
type Failed = Extract<AcrossAnswer, { readonly error: LongtakeError }>;

/**
 * Asks one question of several videos, by their files, titles or ids, and keeps it in the library as the app does. All are
 * watched first where that has not been done yet: the part of the model that watches and the one that answers are then
 * each loaded once. A video that fails is noted and the others are asked. Throws `question-empty`, and what opening the model throws.
 */
export async function askAcross(names: readonly string[], question: string, settings: AnswerSettings, options: AcrossOptions = {}): Promise<Across> {
  requireQuestion(question);
  await using engine = await openEngine(settings, options);
  const watched: (Ready | Failed)[] = [];
  for (const name of names) {
    if (options.signal?.aborted === true) break;
    watched.push(await watch(engine, name, settings, options).catch((error: unknown) => failure(name, null, error)));
  }
  const answers: AcrossAnswer[] = [];
  let provider = 'not loaded';
  let surveyId: string | null = null;
  const survey = (): string => (surveyId ??= engine.library.surveys.create({ question: question.trim(), videoIds: [] }).id);
  for (const video of watched) {
    options.onVideo?.(video.title);
    if ('error' in video) { answers.push(video); continue; }
    const { title, videoId, memory } = video;
    try {
      throwIfCancelled(options.signal);
      using mind = new Answerer(engine, settings, memory);
      const answer = await mind.answer([{ role: 'user', content: question.trim() }], options);
      provider = mind.provider;
      answers.push({ title, videoId, answer });
      engine.library.transaction(() => {
        const { questionId } = new ConversationRecorder(engine.library, videoId).record(answer, engine.model.name);
        engine.library.surveys.add(survey(), videoId);
        engine.library.surveys.note(survey(), videoId, { questionId });
      });
      if (answer.ended === 'stopped') break;
    } catch (error) {
      if (isLongtakeError(error, 'cancelled')) break;
      answers.push(failure(title, videoId, error));
    }
  }
  return { surveyId, model: engine.model.name, provider, answers, stopped: options.signal?.aborted === true };
}

async function watch(engine: Engine, name: string, settings: AnswerSettings, options: AcrossOptions): Promise<Ready> {
  const { memory, videoId } = (existsSync(name) ? undefined : await openKnownMemory(engine, name)) ?? await ingestVideo(engine, name, { decoding: settings.decoding, ...options });
  return { title: engine.library.videos.get(videoId).title, videoId, memory };
}

/** Throws on where it was stopped, and what is no error of ours. */
function failure(title: string, videoId: string | null, error: unknown): Failed {
  if (!isLongtakeError(error)) throw error;
  return { title, videoId, error };
}
