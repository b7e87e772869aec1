import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { ProgressListener, WorkOptions } from '../protocol/progress.ts';

type Running<Result> = { readonly result: Promise<Result>; readonly controller: AbortController; readonly listeners: Set<ProgressListener> };

/** Work that several may want at once: it runs once, says to all of them how far it is, and stops when nobody waits any more. */
export class SharedWork<Result> {
  readonly #running = new Map<string, Running<Result>>();

  get size(): number {
    return this.#running.size;
  }

  async join(key: string, { signal, onProgress }: WorkOptions, work: (options: WorkOptions) => Promise<Result>): Promise<Result> {
    throwIfCancelled(signal);
    const running = this.#running.get(key) ?? this.#start(key, work);
    const listener: ProgressListener = (progress) => { onProgress?.(progress); };
    running.listeners.add(listener);
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => {
      this.#leave(key, running, listener);
      reject(new LongtakeError('cancelled', 'Stopped.'));
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([running.result, left]);
    } finally {
      signal?.removeEventListener('abort', leave);
      running.listeners.delete(listener);
    }
  }

  /** Stops everything and waits until it has ended. */
  async close(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { controller } of all) controller.abort();
    await Promise.allSettled(all.map(({ result }) => result));
  }

  #start(key: string, work: (options: WorkOptions) => Promise<Result>): Running<Result> {
    const controller = new AbortController();
    const listeners = new Set<ProgressListener>();
    const result = work({ signal: controller.signal, onProgress: (progress) => { for (const listener of [...listeners]) listener(progress); } })
      .finally(() => { if (this.#running.get(key)?.controller === controller) this.#running.delete(key); });
    result.catch(() => undefined); // whoever waits for it sees it
    const running = { result, controller, listeners };
    this.#running.set(key, running);
    return running;
  }

  /** What is stopped is no longer there to join: whoever comes next begins anew. */
  #leave(key: string, running: Running<Result>, listener: ProgressListener): void {
    running.listeners.delete(listener);
    if (running.listeners.size > 0) return;
    running.controller.abort();
    if (this.#running.get(key) === running) this.#running.delete(key);
  }
}
