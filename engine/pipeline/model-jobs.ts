import { rm } from 'node:fs/promises';
import path from 'node:path';
import { toWireError } from '../protocol/envelope.ts';
import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import type { ModelJobView, ModelSource } from '../protocol/methods-models.ts';
import type { Progress } from '../protocol/progress.ts';
import type { WeightFormat } from '../models/weight-store.ts';
import type { Home } from './home.ts';
import { requireJob, runModelJob, type AddOptions } from './model-add.ts';
import { jobDirectory, readJob, readJobs, writeJob, type ModelJobFile } from './model-job-file.ts';
import { readOrigin } from './model-origin.ts';
import { plainSource } from './model-source.ts';
import { demoModelName } from './model-store.ts';

/** Another process may have added a job, or left one behind. */
const lookMs = 5000;
/** Over how long the speed of a download is averaged. */
const speedWindowMs = 8000;

type Running = { readonly id: string; readonly stop: AbortController; readonly settled: Promise<void> };
type Sample = { readonly atMs: number; readonly done: number };

export type ModelJobsOptions = {
  /** Called after every change of the list, and while bytes come. */
  readonly onChange?: () => void;
  readonly hub?: AddOptions['hub'];
};

/**
 * The models that are on their way: one at a time, in the order in which they were added. What is on disk is the truth:
 * a job goes on after any end of this process, and is gone when its model is installed.
 */
export class ModelJobs {
  readonly #home: Home;
  readonly #options: ModelJobsOptions;
  /** Of gated repositories; never written down. */
  readonly #tokens = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Running | undefined;
  #progress: Progress | undefined;
  #samples: Sample[] = [];

  constructor(home: Home, options: ModelJobsOptions = {}) {
    this.#home = home;
    this.#options = options;
  }

  /** Goes on with what is queued, and looks now and then for more. */
  start(): void {
    this.#timer = setInterval(() => { this.#pump(); }, lookMs);
    this.#timer.unref();
    this.#pump();
  }

  /** Leaves what has come on the disk, and the job queued. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#running?.stop.abort();
    await this.#running?.settled;
  }

  list(): ModelJobView[] {
    return readJobs(this.#home).map((job) => this.#describe(job));
  }

  /**
   * Puts a model into the queue; one that is on its way already goes on. Throws `bad-argument` where it is installed
   * from the same commit.
   */
  async add(source: ModelSource, options: { readonly name?: string | undefined; readonly weights: WeightFormat; readonly token?: string | undefined }): Promise<ModelJobView> {
    const job = await createModelJob(this.#home, source, options);
    if (options.token !== undefined) this.#tokens.set(job.id, options.token);
    this.#changed();
    return this.#describe(requireJob(this.#home, job.id));
  }

  async pause(id: string): Promise<void> {
    writeJob(this.#home, { ...requireJob(this.#home, id), state: 'paused' });
    await this.#stopRunning(id);
    this.#changed();
  }

  resume(id: string, token?: string): void {
    if (token !== undefined) this.#tokens.set(id, token);
    const job = requireJob(this.#home, id);
    if (job.state !== 'queued') writeJob(this.#home, { ...job, state: 'queued', error: null });
    this.#changed();
  }

  async cancel(id: string): Promise<void> {
    writeJob(this.#home, { ...requireJob(this.#home, id), state: 'paused' });
    await this.#stopRunning(id);
    await rm(jobDirectory(this.#home, id), { recursive: true, force: true });
    this.#tokens.delete(id);
    this.#changed();
  }

  async #stopRunning(id: string): Promise<void> {
    if (this.#running?.id !== id) return;
    this.#running.stop.abort();
    await this.#running.settled;
  }

  /** What is told is what is so by then: the one that begins waits for its turn no longer. */
  #changed(): void {
    this.#pump();
    this.#options.onChange?.();
  }

  #pump(): void {
    if (this.#timer === undefined || this.#running !== undefined) return;
    const next = readJobs(this.#home).find(({ state }) => state === 'queued');
    if (next === undefined) return;
    const stop = new AbortController();
    this.#running = { id: next.id, stop, settled: this.#run(next.id, stop.signal) };
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    await Promise.resolve(); // `#running` is set first
    this.#progress = undefined;
    this.#samples = [];
    try {
      await runModelJob(this.#home, id, {
        signal, hub: { ...this.#options.hub, token: this.#tokens.get(id) ?? this.#options.hub?.token }, onProgress: (progress) => { this.#note(progress); },
      });
      this.#tokens.delete(id);
    } catch (error) {
      // Where another process is at it, or not even this can be written, it is looked at again after a while.
      if (isLongtakeError(error, 'library-busy') || !signal.aborted && !this.#fail(id, error)) {
        this.#running = undefined;
        return;
      }
    }
    this.#running = undefined;
    this.#changed();
  }

  #fail(id: string, error: unknown): boolean {
    try {
      const job = readJob(this.#home, id);
      if (job !== undefined) writeJob(this.#home, { ...job, state: 'failed', error: toWireError(error) });
      return true;
    } catch {
      return false;
    }
  }

  #note(progress: Progress): void {
    if (progress.stage !== this.#progress?.stage) this.#samples = [];
    this.#progress = progress;
    const atMs = performance.now();
    if (atMs - (this.#samples.at(-1)?.atMs ?? -Infinity) < 250) return;
    this.#samples = [...this.#samples.filter((sample) => atMs - sample.atMs < speedWindowMs), { atMs, done: progress.done }];
    this.#options.onChange?.();
  }

  #describe(job: ModelJobFile): ModelJobView {
    const running = this.#running?.id === job.id && job.state === 'queued';
    const progress = running ? this.#progress : undefined;
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    const bytesPerSecond = progress !== undefined && first !== undefined && last !== undefined && last.atMs > first.atMs
      ? (1000 * (last.done - first.done)) / (last.atMs - first.atMs) : null;
    const total = progress?.total ?? null;
    return {
      id: job.id, name: job.name, weights: job.weights, from: job.source.kind === 'hub' ? job.source.repository : job.source.directory,
      commit: job.pinned?.commit ?? null, state: running ? 'running' : job.state,
      stage: progress?.stage === 'import' ? 'import' : progress?.stage === 'download' || job.pinned !== null ? 'download' : 'resolve',
      doneBytes: progress?.done ?? 0, totalBytes: total, bytesPerSecond,
      etaSeconds: total === null || bytesPerSecond === null || bytesPerSecond <= 0 || progress === undefined ? null : (total - progress.done) / bytesPerSecond,
      error: job.error,
    };
  }
}

/** Writes a new job down, or lets the one of that name and format go on. */
export async function createModelJob(
  home: Home, source: ModelSource, { name, weights }: { readonly name?: string | undefined; readonly weights: WeightFormat },
): Promise<ModelJobFile> {
  const plain = plainSource(source);
  const chosen = name ?? plain.name;
  if (chosen === demoModelName) throw new LongtakeError('bad-argument', `"${demoModelName}" is the model that Longtake comes with. Choose another name.`, { name: chosen });
  const id = `${chosen}-${weights}`;
  const known = readJob(home, id);
  const origin = await readOrigin(path.join(home.modelsDirectory, id));
  if (origin !== undefined && plain.kind === 'hub' && origin.repository === plain.repository && known === undefined) {
    throw new LongtakeError('bad-argument', `${chosen} is installed with ${weights} weights, from ${origin.repository} at ${origin.commit.slice(0, 12)}. Remove it first to add it anew.`, { name: chosen, commit: origin.commit });
  }
  if (known !== undefined && JSON.stringify(known.source) !== JSON.stringify(plain)) {
    throw new LongtakeError('bad-argument', `"${chosen}" is being added from somewhere else. Cancel that, or choose another name.`, { name: chosen });
  }
  const job: ModelJobFile = known === undefined
    ? { version: 1, id, name: chosen, weights, source: plain, pinned: null, state: 'queued', error: null, addedAtMs: Date.now() }
    : { ...known, state: 'queued', error: null };
  writeJob(home, job);
  return job;
}
