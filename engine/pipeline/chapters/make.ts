import { LongtakeError, throwIfCancelled } from '../../protocol/errors.ts';
import type { WorkOptions } from '../../protocol/progress.ts';
import type { ChapterSet, Library, Video } from '../../library/index.ts';
import type { Memory } from '../../memory/index.ts';
import { Answerer } from '../answerer.ts';
import type { Engine } from '../engine.ts';
import { createEta } from '../eta.ts';
import type { TimeRange } from '../repository.ts';
import { isPebbleTown } from '../pebble-town.ts';
import type { AnswerSettings } from '../settings.ts';
import { cutChapters } from './cut.ts';
import { tellerOf, type Asker } from './teller.ts';

export type MakeChaptersOptions = WorkOptions & {
  /** {@link createAsker}'s, or one that lets each question wait for its turn among others'. */
  readonly ask: Asker;
};

/**
 * Makes a video's chapters and its summary from its memory, and keeps them in the library under the model's name. What an
 * earlier run of the same model has told is kept: every chapter is saved when it is told. Nothing is encoded.
 * Throws `bad-argument` for a memory that is still growing, `not-found` where the video was removed meanwhile,
 * `cancelled`, and what answering throws.
 */
export async function makeChapters(
  { library, model }: Pick<Engine, 'library' | 'model'>, video: Video, memory: Memory, { ask, signal, onProgress }: MakeChaptersOptions,
): Promise<ChapterSet> {
  if (!memory.complete) {
    throw new LongtakeError('bad-argument', `${JSON.stringify(video.title)} is not completely in memory yet. Its chapters can be made when it is.`, { videoId: video.id });
  }
  const teller = tellerOf(model.spec, await isPebbleTown(video));
  const set = begun(library, video.id, model.name) ?? library.chapters.begin(video.id, model.name, await cutChapters(memory, { signal, onProgress }));
  const eta = createEta();
  const total = set.chapters.length;
  for (const [position, chapter] of set.chapters.entries()) {
    const etaSeconds = eta(position, total);
    onProgress?.({ stage: 'chapters', done: position, total, ...(etaSeconds !== undefined && { etaSeconds }) });
    if (chapter.title !== null) continue;
    throwIfCancelled(signal);
    library.chapters.tell(set.id, position, await teller.tell(chapter, ask));
  }
  throwIfCancelled(signal);
  onProgress?.({ stage: 'summary', done: 0 });
  library.chapters.complete(set.id, await teller.summarize(library.chapters.find(video.id, 'making')?.chapters ?? [], ask));
  const made = library.chapters.find(video.id, 'complete');
  if (made === undefined) throw new LongtakeError('not-found', `The chapters of ${JSON.stringify(video.title)} were removed while they were made.`, { videoId: video.id });
  return made;
}

/** What an earlier run has begun. Another model says it otherwise, and begins anew. */
function begun(library: Library, videoId: string, model: string): ChapterSet | undefined {
  const set = library.chapters.find(videoId, 'making');
  return set?.model === model ? set : undefined;
}

/** In tokens: two or three sentences need no more, and a model that does not end takes no longer. */
const longestCaption = 200;

type AskerOptions = Pick<WorkOptions, 'signal'> & {
  /** Who answers about the whole memory, where somebody keeps its keys and values anyway; an hour of them can be a gigabyte. */
  readonly whole?: () => Answerer;
};

/**
 * Asks one question after the other from a memory; keys and values of a part are kept for the next question about it.
 * Dispose it before the engine. Its questions throw `cancelled` where the signal ends them.
 */
export function createAsker(engine: Engine, settings: AnswerSettings, memory: Memory, { signal, whole }: AskerOptions = {}): Disposable & { readonly ask: Asker } {
  let last: { readonly key: string; readonly answerer: Answerer } | undefined;
  const forget = (): void => {
    last?.answerer[Symbol.dispose]();
    last = undefined;
  };
  const answererOf = (range: TimeRange | undefined): Answerer => {
    if (range === undefined && whole !== undefined) return whole();
    const key = JSON.stringify(range ?? null);
    if (last?.key !== key) {
      forget();
      last = { key, answerer: new Answerer(engine, { ...settings, maxNewTokens: longestCaption }, memory, range) };
    }
    return last.answerer;
  };
  return {
    async ask(turns, range) {
      throwIfCancelled(signal);
      // Greedy, so that the same chapters come of the same memory.
      const { answer, ended } = await answererOf(range).answer(turns, { signal }, { sample: false });
      if (ended === 'stopped') throw new LongtakeError('cancelled', 'Stopped.');
      return answer;
    },
    [Symbol.dispose]: forget,
  };
}
