import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import { toWireError, type WireError } from '../protocol/envelope.ts';
import type { VideoChapters } from '../protocol/methods-chapters.ts';
import type { Progress } from '../protocol/progress.ts';
import type { Library } from '../library/index.ts';
import { createAsker, makeChapters } from '../pipeline/chapters/make.ts';
import { shownChapters } from '../pipeline/chapters/shown.ts';
import type { Answers } from './answers.ts';
import type { Changes } from './changes.ts';
import type { ModelHost } from './model-host.ts';
import { answerSettings } from './settings.ts';
import { withUsableMemory, type MemoryShelf } from './usable-memory.ts';

type JobView = NonNullable<VideoChapters['job']>;
type Live = { state: 'waiting' | 'making'; progress: Progress; readonly controller: AbortController };

/**
 * Makes chapters, one video after the other. Each question to the model waits for its turn among the answers, so a person
 * who asks waits for one of them at most. What is told is in the library at once; what has ended before its end is offered
 * to go on, and does not by itself: a machine that starts has better things to do.
 */
export class ChapterJobs {
  readonly #shelf: MemoryShelf;
  readonly #library: Library;
  readonly #host: ModelHost;
  readonly #answers: Answers;
  readonly #changes: Changes;
  readonly #live = new Map<string, Live>();
  readonly #failed = new Map<string, WireError>();
  #last: Promise<void> = Promise.resolve();
  #closed = false;
  #held = false;

  constructor(shelf: MemoryShelf, host: ModelHost, answers: Answers) {
    this.#shelf = shelf;
    this.#library = shelf.library;
    this.#host = host;
    this.#answers = answers;
    this.#changes = shelf.changes;
  }

  get isBusy(): boolean {
    return this.#live.size > 0;
  }

  /** Begins nothing until the returned function is called. */
  hold(): () => void {
    this.#held = true;
    return () => { this.#held = false; };
  }

  /** Throws `not-found` for a video that the library does not have. */
  view(videoId: string): VideoChapters {
    const shown = shownChapters(this.#library, this.#library.videos.get(videoId));
    return { ...shown, chapters: [...shown.chapters], job: this.#job(videoId) };
  }

  /** Throws `not-found`, and `library-busy` while the library is being moved. */
  make(videoId: string): void {
    if (this.#held) throw new LongtakeError('library-busy', 'The library is being moved. Make the chapters when it is there.');
    this.#library.videos.get(videoId);
    // One that was stopped a moment ago still winds up: the next begins behind it.
    if (this.#closed || this.#live.get(videoId)?.controller.signal.aborted === false) return;
    const live: Live = { state: 'waiting', progress: { stage: 'prepare-model', done: 0 }, controller: new AbortController() };
    this.#live.set(videoId, live);
    this.#failed.delete(videoId);
    this.#changed(videoId);
    this.#last = this.#last.then(() => this.#run(videoId, live));
  }

  stop(videoId: string): void {
    const live = this.#live.get(videoId);
    live?.controller.abort();
    // One that waits has nothing to wind up.
    if (live?.state === 'waiting') this.#end(videoId, live);
  }

  stopAll(): void {
    for (const videoId of [...this.#live.keys()]) this.stop(videoId);
  }

  /** Ends what is made of a video, and takes away what was; `restore` of the library brings it back. */
  remove(videoId: string): void {
    this.stop(videoId);
    this.#failed.delete(videoId);
    this.#library.chapters.remove(videoId);
    this.#changed(videoId);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.stopAll();
    await this.#last;
  }

  #job(videoId: string): JobView | null {
    const live = this.#live.get(videoId);
    const error = this.#failed.get(videoId) ?? null;
    const begun = this.#library.chapters.find(videoId, 'making')?.chapters;
    if (live === undefined && error === null && begun === undefined) return null;
    const { stage, done, total, etaSeconds } = live?.progress ?? { stage: 'chapters', done: 0 };
    return {
      state: live?.state ?? (error === null ? 'unfinished' : 'failed'), stage: isOurs(stage) ? stage : 'prepare-model',
      share: total === undefined || total === 0 ? null : done / total, etaSeconds: etaSeconds ?? null, error,
      told: begun?.filter(({ title }) => title !== null).length ?? 0, total: begun?.length ?? 0,
    };
  }

  async #run(videoId: string, live: Live): Promise<void> {
    if (this.#live.get(videoId) !== live) return;
    const { signal } = live.controller;
    try {
      await this.#host.use(async ({ engine, answerer }) => {
        live.state = 'making';
        this.#changed(videoId);
        const video = this.#library.videos.get(videoId);
        await withUsableMemory(this.#shelf, videoId, engine.model.spec, async (memory) => {
          using asker = createAsker(engine, answerSettings(this.#library), memory, { signal, whole: () => answerer(memory, undefined) });
          await makeChapters(engine, video, memory, {
            signal, ask: (turns, range) => this.#answers.inTurn(() => asker.ask(turns, range), signal),
            onProgress: (progress) => {
              live.progress = progress;
              this.#changed(videoId);
            },
          });
        });
      });
    } catch (error) {
      if (!isLongtakeError(error, 'cancelled') && !signal.aborted) this.#failed.set(videoId, toWireError(error));
    }
    this.#end(videoId, live);
  }

  #end(videoId: string, live: Live): void {
    if (this.#live.get(videoId) === live) this.#live.delete(videoId);
    this.#changes.emit({ topic: 'library' }); // questions to start from may be about them
    this.#changed(videoId);
  }

  #changed(videoId: string): void {
    this.#changes.emit({ topic: 'chapters', videoId });
  }
}

const stages = ['prepare-model', 'chapter-cuts', 'chapters', 'summary'] as const satisfies readonly Progress['stage'][];
const isOurs = (stage: Progress['stage']): stage is JobView['stage'] => stages.some((each) => each === stage);
