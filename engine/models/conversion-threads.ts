import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { LongtakeError } from '../protocol/errors.ts';
import { bytesRead, convert } from './conversions.ts';
import type { Conversion } from './conversions.ts';

/** More would only wait for the disk, and hold more pieces in memory. */
const mostThreads = 8;
/** What is converted sooner than handed over. */
const littleByteLength = 128 * 1024;

type Task = { readonly conversion: Conversion; readonly resolve: (isWhole: boolean) => void; readonly reject: (error: unknown) => void };
type Thread = { readonly worker: Worker; task: Task | undefined };

export type ConversionThreadsOptions = {
  /** Default: as many as processors, at most eight. With 0 the caller's thread converts. */
  readonly threads?: number;
  /** Conversions of fewer bytes stay in the caller's thread. Default: 128 KiB. */
  readonly littleByteLength?: number;
};

/** Threads in which pieces of weights are read and converted. They start when there is work for them. Dispose of them. */
export class ConversionThreads {
  /** So many pieces keep all of them busy. */
  readonly ahead: number;
  readonly #most: number;
  readonly #little: number;
  readonly #threads: Thread[] = [];
  readonly #waiting: Task[] = [];
  #ended = false;

  constructor({ threads = Math.min(mostThreads, availableParallelism()), littleByteLength: little = littleByteLength }: ConversionThreadsOptions = {}) {
    this.#most = threads;
    this.#little = little;
    this.ahead = threads + 1;
  }

  /** Whether all values could be converted (conversions.ts). Throws `file-unreadable`, and `cancelled` once disposed of. */
  async convert(conversion: Conversion): Promise<boolean> {
    if (this.#ended) throw stopped();
    if (this.#most === 0 || bytesRead(conversion) < this.#little) {
      try {
        return convert(conversion);
      } catch (cause) {
        throw unreadable(cause);
      }
    }
    return await new Promise<boolean>((resolve, reject) => {
      this.#waiting.push({ conversion, resolve, reject });
      if (this.#threads.length < this.#most && this.#threads.every(({ task }) => task !== undefined)) this.#threads.push(this.#start());
      for (const thread of this.#threads) this.#next(thread);
    });
  }

  /** Ends the threads, whatever they are doing. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    for (const { reject } of this.#waiting.splice(0)) reject(stopped());
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(): Thread {
    const worker = new Worker(new URL('./conversion-worker.ts', import.meta.url), { execArgv: ['--disable-warning=ExperimentalWarning'] });
    const thread: Thread = { worker, task: undefined };
    worker.on('message', (isWhole: boolean) => {
      const { task } = thread;
      thread.task = undefined;
      this.#next(thread);
      task?.resolve(isWhole);
    });
    const end = (error: unknown): void => {
      const at = this.#threads.indexOf(thread);
      if (at >= 0) this.#threads.splice(at, 1);
      for (const task of [thread.task, ...this.#waiting.splice(0)]) task?.reject(error);
      thread.task = undefined;
    };
    worker.on('error', (cause) => { end(unreadable(cause)); });
    worker.on('exit', () => { end(stopped()); });
    return thread;
  }

  #next(thread: Thread): void {
    if (thread.task !== undefined) return;
    thread.task = this.#waiting.shift();
    if (thread.task !== undefined) thread.worker.postMessage(thread.task.conversion);
  }
}

const stopped = (): LongtakeError => new LongtakeError('cancelled', 'Stopped.');

function unreadable(cause: unknown): LongtakeError {
  return new LongtakeError('file-unreadable', cause instanceof Error ? cause.message : String(cause), {}, { cause });
}
