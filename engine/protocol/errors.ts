/**
 * The one error family of the engine. The code is the contract (shells translate it and the CLI maps it to
 * an exit code); the message is for people: what happened, with which value, and what to do.
 */
export type ErrorCode =
  | 'bad-argument' // a value given by the caller is not usable
  | 'file-not-found'
  | 'file-unreadable'
  | 'file-changed' // a file changed or vanished while it was being read
  | 'not-a-video'
  | 'no-video-stream'
  | 'no-frames' // nothing could be decoded, so nothing can be answered
  | 'ffmpeg-missing'
  | 'ffmpeg-failed'
  | 'checkpoint-invalid' // missing, extra or misshapen tensor, NaN weights, bad config
  | 'checkpoint-unsupported' // an architecture that this version does not know
  | 'model-invalid' // a model package that fails its own hashes or schema
  | 'model-not-found'
  | 'network-failed' // a server that cannot be reached, or gave up; what has come is kept
  | 'access-denied' // a gated or private repository, without a token that opens it
  | 'download-invalid' // what came is not what the server announced, or it changed midway
  | 'provider-unavailable'
  | 'out-of-memory' // refused before loading, with numbers; or a device that has no more
  | 'device-failed' // a graphics device that was lost, or computes no more
  | 'memory-invalid' // a memory folder or an archive that fails verification
  | 'memory-mismatch' // a memory of another encoder
  | 'newer-version' // written by a newer Longtake
  | 'archive-hostile' // paths outside, bombs, duplicates
  | 'disk-full'
  | 'read-only'
  | 'library-busy'
  | 'not-found' // an id that the library does not have
  | 'question-empty'
  | 'question-too-long'
  | 'connection-lost' // to the engine, before it had answered; its shell starts it again
  | 'cancelled' // the user stopped it; never shown as a failure
  | 'internal';

export class LongtakeError extends Error {
  readonly code: ErrorCode;
  /** The values that the message names, for shells that show them otherwise. JSON-serialisable. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, data: Record<string, unknown> = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'LongtakeError';
    this.code = code;
    this.data = data;
  }
}

/** True for a {@link LongtakeError}, of the given code where one is given. */
export function isLongtakeError(error: unknown, code?: ErrorCode): error is LongtakeError {
  return error instanceof LongtakeError && (code === undefined || error.code === code);
}

/** Throws `cancelled` where the signal has fired: long work calls it between steps. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LongtakeError('cancelled', 'Stopped.');
}

/** Waits for work that cannot be stopped, but no longer than until the signal fires: throws `cancelled` then, while the work goes on. */
export async function orCancelled<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => { stopped.reject(new LongtakeError('cancelled', 'Stopped.')); };
  if (signal?.aborted) stop(); else signal?.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([stopped.promise, work]);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
