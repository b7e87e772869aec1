import { hostname } from 'node:os';
import { isLongtakeError, LongtakeError } from '../protocol/errors.ts';
import { toWireError } from '../protocol/envelope.ts';
import type { QueueJob } from '../protocol/methods-library.ts';
import type { Progress } from '../protocol/progress.ts';
import type { Job, Library, Video } from '../library/index.ts';
import { openMemory } from '../memory/index.ts';
import { memoryDirectory, type ModelPart } from '../pipeline/engine.ts';
import { ingestVideo } from '../pipeline/ingest.ts';
import { z } from 'zod';
import type { Changes } from './changes.ts';
import { noteEncodeSpeed } from './encode-speed.ts';
import type { ModelHost } from './model-host.ts';
import { notingDamage, type MemoryShelf } from './usable-memory.ts';
import { presentFile } from './video-cards.ts';

const jobKind = 'encode';
const jobDataSchema = z.object({ path: z.string(), decoding: z.enum(['exact', 'fast']) });
export type EncodeJobData = z.infer<typeof jobDataSchema>;

const heartbeatMs = 1000;
/** Where a dead process cannot be seen (another machine, a process id that was given again): no native run is as long. */
const silentForMs = 60_000;
const listedStates = ['queued', 'running', 'paused', 'failed', 'cancelled'] as const;
/** Why a job is paused whose model was on its way. */
const notLoaded = {
  code: 'cancelled', message: 'The loading of its model was cancelled. What is behind it waits as well, until it is resumed or another video is put into the queue.',
} as const;
/** How an encode fails whose file is gone, or is another one. */
const lacksFile: ReadonlySet<string> = new Set(['file-not-found', 'file-changed']);

type Running = { readonly job: Job; readonly controller: AbortController; progress: Progress | undefined; awaitsModel: boolean; lost: boolean };

/**
 * Encodes the videos of the library's queue, one at a time over all processes of this library. A job of a process that
 * has died goes back to its place in the queue and goes on where its memory ends. Where the loading of the model was cancelled
 * ({@link pauseLoading}) nothing is begun, which would load it again, before somebody wishes something to be encoded.
 */
export class EncodeQueue {
  readonly #library: Library;
  readonly #host: ModelHost;
  readonly #changes: Changes;
  readonly #owner = `${hostname()}:${process.pid}`;
  #timer: NodeJS.Timeout | undefined;
  #running: Running | undefined;
  #settled: Promise<void> = Promise.resolve();
  #stopped = false;
  #held = false;

  constructor({ library, changes }: Pick<MemoryShelf, 'library' | 'changes'>, host: ModelHost) {
    this.#library = library;
    this.#host = host;
    this.#changes = changes;
  }

  start(): void {
    // An earlier process may have had this very id.
    this.#library.jobs.recover({ owner: this.#owner });
    this.#timer = setInterval(() => {
      try {
        this.#beat();
      } catch (error) {
        if (!isLongtakeError(error)) throw error; // a busy library or a full disk is tried again at the next beat
      }
    }, heartbeatMs);
    this.#beat();
  }

  /** Whether a video of this library is being encoded, here or by another process. */
  get isBusy(): boolean {
    return this.#library.jobs.list({ states: ['running'] }).length > 0;
  }

  /** Begins nothing until the returned function is called. */
  hold(): () => void {
    this.#held = true;
    return () => {
      this.#held = false;
      if (!this.#stopped) this.#pump();
    };
  }

  /** Leaves what is encoded on disk and the job in the queue. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    const running = this.#running;
    running?.controller.abort();
    await this.#settled;
    if (running !== undefined) this.#report(running);
    this.#library.jobs.recover({ owner: this.#owner });
  }

  /** The one job of a video: as it is where it has not ended, again where it has failed or was cancelled, or its model was, otherwise a new one. */
  add(videoId: string, data: EncodeJobData): Job {
    const job = this.#library.transaction(() => {
      const jobs = this.#jobsOf(videoId);
      const kept = jobs.find((each) => !hasEnded(each)) ?? jobs[0];
      for (const other of jobs) if (other !== kept) this.#library.jobs.remove(other.id);
      const wanted = kept === undefined ? this.#library.jobs.add({ kind: jobKind, videoId, data })
        : hasEnded(kept) || lacksModel(kept) ? this.#library.jobs.renew(kept.id, data) : kept;
      this.#library.jobs.forgetReasons();
      return wanted;
    });
    this.#changed();
    return job;
  }

  /** The video is whole in memory: how an earlier encode of it ended is of no interest any more. */
  forgetEnded(videoId: string): void {
    for (const job of this.#jobsOf(videoId)) if (hasEnded(job)) this.#library.jobs.remove(job.id);
    this.#changes.emit({ topic: 'queue' });
  }

  /** The file of a video was found: an encode that failed for want of it is tried again. */
  retryWithFile(videoId: string): void {
    for (const { id, state, error } of this.#jobsOf(videoId)) {
      if (state === 'failed' && lacksFile.has(error?.code ?? '')) this.setState(id, 'queued');
    }
  }

  /** Jobs of removed videos rest unseen until their video comes back, or goes for good. */
  list(): QueueJob[] {
    return this.#jobs().flatMap((job) => {
      const video = this.#library.videos.get(job.videoId ?? '');
      return video.removedAtMs === null ? [this.#describe(job, video)] : [];
    });
  }

  /** Throws `bad-argument` for a job whose video was removed: encoding it would put the video back into the library. */
  setState(jobId: string, state: 'queued' | 'paused' | 'cancelled', reason?: NonNullable<Job['error']>): void {
    const video = this.#library.videos.get(this.#library.jobs.get(jobId).videoId ?? '');
    if (state === 'queued' && video.removedAtMs !== null) {
      throw new LongtakeError('bad-argument', `${JSON.stringify(video.title)} was removed from the library. Put it back first, then it can be encoded.`, { videoId: video.id });
    }
    const running = state !== 'queued' && this.#running?.job.id === jobId ? this.#running : undefined;
    if (running !== undefined) this.#report(running); // how far it came is shown while it rests; the last beat may be a second old
    this.#library.jobs.setState(jobId, state, reason);
    if (state === 'queued') this.#library.jobs.forgetReasons();
    running?.controller.abort();
    this.#changed();
  }

  /**
   * The loading of the model was cancelled: the encode that waits for it is paused, with words that say so. It holds up those
   * behind it until it is resumed, stopped or removed, or another video is put into the queue or back into it.
   */
  pauseLoading(): void {
    if (this.#running?.awaitsModel === true) this.setState(this.#running.job.id, 'paused', notLoaded);
  }

  remove(jobId: string): void {
    this.setState(jobId, 'cancelled');
    this.#library.jobs.remove(jobId);
    this.#changed();
  }

  move(jobId: string, beforeJobId: string | undefined): void {
    this.#library.jobs.move(jobId, beforeJobId);
    this.#changed();
  }

  /** Stops what runs for a video that was removed. Its job keeps its place, and rests until {@link wake}. */
  rest(videoId: string): void {
    const running = this.#running?.job.videoId === videoId ? this.#running : undefined;
    if (running !== undefined) this.#report(running);
    this.#library.jobs.interrupt(videoId);
    running?.controller.abort();
    this.#changed();
  }

  /** A video is back in the library: its encode goes on. */
  wake(): void {
    this.#changed();
  }

  #jobs(): Job[] {
    return this.#library.jobs.list({ states: listedStates }).filter(({ kind }) => kind === jobKind);
  }

  #jobsOf(videoId: string): Job[] {
    return this.#jobs().filter((job) => job.videoId === videoId);
  }

  #changed(): void {
    this.#changes.emit({ topic: 'queue' });
    this.#pump();
  }

  /** The sign of life of what runs here, and a look for what the dead have left. */
  #beat(): void {
    const running = this.#running;
    if (running !== undefined && !this.#report(running)) {
      running.lost = true;
      running.controller.abort();
    }
    let recovered = this.#library.jobs.recover({ silentForMs });
    // Its end could not be written: it goes on from where its memory ends.
    if (running === undefined) recovered += this.#library.jobs.recover({ owner: this.#owner });
    for (const { owner } of this.#library.jobs.list({ states: ['running'] })) {
      if (owner !== null && isDead(owner)) recovered += this.#library.jobs.recover({ owner });
    }
    if (recovered > 0) this.#changes.emit({ topic: 'queue' });
    this.#pump();
  }

  #report({ job, progress }: Running): boolean {
    return this.#library.jobs.progress(job.id, this.#owner, progress ?? { stage: job.stage ?? 'prepare-model', done: job.done });
  }

  #pump(): void {
    if (this.#stopped || this.#held || this.#running !== undefined) return;
    const job = this.#library.transaction(() =>
      (this.#library.jobs.list({ states: ['running'] }).length > 0 || this.#isHeldUp() ? undefined : this.#library.jobs.claim(this.#owner)));
    if (job === undefined) return;
    const running: Running = { job, controller: new AbortController(), progress: undefined, awaitsModel: false, lost: false };
    this.#running = running;
    this.#changes.emit({ topic: 'queue' });
    this.#settled = this.#run(running).catch(() => undefined).finally(() => {
      this.#running = undefined;
      this.#changes.emit({ topic: 'queue' });
      this.#changes.emit({ topic: 'library' });
      this.#pump();
      if (this.#running === undefined) this.#host.freeEncoder().catch(() => undefined);
    });
  }

  async #run(running: Running): Promise<void> {
    const { job, controller } = running;
    try {
      const { path, decoding } = jobDataSchema.parse(job.data);
      const video = this.#library.videos.get(job.videoId ?? '');
      await this.#host.use(async ({ engine }) => {
        const entry = this.#library.memories.find({ videoId: video.id, encoderFingerprint: engine.model.spec.encoderFingerprint, mode: decoding });
        const load = (part: ModelPart): ReturnType<typeof engine.load> => {
          running.awaitsModel = true;
          return engine.load(part).finally(() => { running.awaitsModel = false; });
        };
        const ingest = async (): ReturnType<typeof ingestVideo> => ingestVideo({ ...engine, load }, presentFile(video) ?? path, {
          decoding, signal: controller.signal, again: entry?.state === 'damaged' && !await isWhole(memoryDirectory(engine.home, entry)),
          onProgress: (progress) => {
            running.progress = progress;
            this.#changes.emit({ topic: 'queue' });
          },
        });
        const { encodedFrames, encodeMs, videoId } = await (entry === undefined ? ingest() : notingDamage({ library: this.#library, changes: this.#changes }, entry, ingest));
        if (videoId !== video.id) {
          throw new LongtakeError('file-changed', `The file of ${video.title} is another video now. That one is in the library as well; relink this one to its own file.`, { path });
        }
        noteEncodeSpeed(this.#library, engine.model.spec, this.#host.status.provider, encodedFrames, encodeMs);
      });
      this.#library.jobs.finish(job.id, this.#owner);
      this.forgetEnded(video.id);
    } catch (error) {
      // Paused, cancelled, taken over or shut down: the queue says so already.
      if (!isLongtakeError(error, 'cancelled')) this.#library.jobs.finish(job.id, this.#owner, toWireError(error));
    }
  }

  #isHeldUp(): boolean {
    return this.#library.jobs.list({ states: ['paused'] }).some((job) => lacksModel(job) && this.#library.videos.get(job.videoId ?? '').removedAtMs === null);
  }

  #describe(job: Job, video: Video): QueueJob {
    const running = this.#running?.job.id === job.id ? this.#running.progress : undefined;
    const doneSeconds = running?.done ?? job.done;
    const totalSeconds = running?.total ?? job.total;
    return {
      id: job.id, videoId: video.id, title: video.title, state: job.state === 'done' ? 'queued' : job.state,
      stage: running?.stage ?? job.stage, doneSeconds, totalSeconds,
      share: totalSeconds === null || totalSeconds === 0 ? null : Math.min(1, doneSeconds / totalSeconds),
      etaSeconds: running?.etaSeconds ?? null,
      provider: job.state === 'running' ? this.#host.status.provider ?? null : null,
      error: job.error,
    };
  }
}

function hasEnded({ state }: Job): boolean {
  return state === 'failed' || state === 'cancelled';
}

function lacksModel({ state, error }: Job): boolean {
  return state === 'paused' && error?.code === notLoaded.code;
}

function isDead(owner: string): boolean {
  const [host, id] = [owner.slice(0, owner.lastIndexOf(':')), Number(owner.slice(owner.lastIndexOf(':') + 1))];
  if (host !== hostname() || !Number.isInteger(id)) return false;
  try {
    process.kill(id, 0); // asks, does not kill
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Whether a memory that was noted as damaged has its own bytes again: somebody has put a copy back. */
const isWhole = (directory: string): Promise<boolean> => openMemory(directory, { verify: true }).then(() => true, () => false);
