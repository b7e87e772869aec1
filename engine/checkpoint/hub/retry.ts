import { setTimeout as wait } from 'node:timers/promises';
import { LongtakeError, throwIfCancelled } from '../../protocol/errors.ts';

export type RetryPolicy = {
  /** Attempts in a row that brought nothing before a download gives up. */
  readonly attempts: number;
  /** Pause after the first of them; each further one is twice as long. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** A connection that is silent for so long is dead. */
  readonly silenceMs: number;
};

export const defaultRetryPolicy: RetryPolicy = { attempts: 7, firstPauseMs: 1000, longestPauseMs: 60_000, silenceMs: 60_000 };

/** A failure that may go away by itself. */
export class Transient extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { retryAfterMs, cause }: { readonly retryAfterMs?: number | undefined; readonly cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'Transient';
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether a status may go away, and after how long the server says so (seconds or a date). */
export function transientStatus(status: number, retryAfter: string | undefined): { readonly retryAfterMs: number | undefined } | undefined {
  if (status !== 408 && status !== 425 && status !== 429 && status < 500) return undefined;
  if (retryAfter === undefined) return { retryAfterMs: undefined };
  const seconds = Number(retryAfter);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now();
  return { retryAfterMs: Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined };
}

/**
 * Repeats `attempt` while it fails with {@link Transient}. It calls `progressed` whenever something has come, which
 * starts the count anew. Throws `network-failed` when it gives up, `cancelled`, and what else `attempt` throws.
 */
export async function retrying<Result>(
  policy: RetryPolicy, signal: AbortSignal | undefined, attempt: (progressed: () => void) => Promise<Result>,
): Promise<Result> {
  let failures = 0;
  for (;;) {
    throwIfCancelled(signal);
    try {
      return await attempt(() => { failures = 0; });
    } catch (error) {
      throwIfCancelled(signal);
      if (!(error instanceof Transient)) throw error;
      failures += 1;
      if (failures >= policy.attempts) {
        throw new LongtakeError('network-failed',
          `The download stopped: ${error.message}. What has come is kept; it goes on from there when it is continued.`, { attempts: failures }, { cause: error });
      }
      const pauseMs = Math.min(policy.longestPauseMs, error.retryAfterMs ?? policy.firstPauseMs * 2 ** (failures - 1));
      await wait(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => { throwIfCancelled(signal); });
    }
  }
}
