import { Worker } from 'node:worker_threads';
import { LongtakeError } from '../protocol/errors.ts';
import { Hasher } from './hasher.ts';
import type { HashItem } from './hasher.ts';

/** What is hashed sooner than a thread has started. */
const littleByteLength = 8 * 1024 * 1024;

/**
 * SHA-256 of words and of pieces of files, which are read and hashed in the order in which they are added, in a thread
 * of its own while the caller goes on. Little is hashed without a thread, at the end. Call `digest` or `stop`.
 */
export class HashThread {
  #waiting: HashItem[] = [];
  #waitingBytes = 0;
  #worker: Worker | undefined;
  #result: Promise<string> | undefined;

  addText(text: string): void {
    this.#add({ text }, text.length);
  }

  /** Bytes `from` to `to` of a file, which are in it by now. */
  addBytes(path: string, from: number, to: number): void {
    if (to > from) this.#add({ path, from, to }, to - from);
  }

  /** The hash of all that was added. Throws what reading threw, as `file-unreadable`, and `cancelled` after `stop`. */
  async digest(): Promise<string> {
    if (this.#worker !== undefined && this.#result !== undefined) {
      this.#worker.postMessage(null);
      return await this.#result;
    }
    const hasher = new Hasher();
    try {
      for (const item of this.#waiting) hasher.add(item);
    } catch (cause) {
      throw unreadable(cause);
    }
    return hasher.digest();
  }

  /** Ends the thread, whatever it is doing. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #add(item: HashItem, byteLength: number): void {
    if (this.#worker !== undefined) {
      this.#worker.postMessage(item);
      return;
    }
    this.#waiting.push(item);
    this.#waitingBytes += byteLength;
    if (this.#waitingBytes > littleByteLength) this.#start();
  }

  #start(): void {
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { execArgv: ['--disable-warning=ExperimentalWarning'] });
    this.#worker = worker;
    this.#result = new Promise<string>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (cause) => { reject(unreadable(cause)); });
      worker.once('exit', () => { reject(new LongtakeError('cancelled', 'Stopped.')); });
    });
    this.#result.catch(() => undefined); // thrown by `digest`
    for (const item of this.#waiting) worker.postMessage(item);
    this.#waiting = [];
  }
}

function unreadable(cause: unknown): LongtakeError {
  return new LongtakeError('file-unreadable', cause instanceof Error ? cause.message : String(cause), {}, { cause });
}
