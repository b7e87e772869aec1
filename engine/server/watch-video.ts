import { stat } from 'node:fs/promises';
import type { EngineClient } from '../protocol/envelope-client.ts';
import { wireErrorSchema } from '../protocol/envelope.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { MethodResult } from '../protocol/methods.ts';
import type { WorkOptions } from '../protocol/progress.ts';

/** What became of it, where it was not refused. */
type Taken = Exclude<MethodResult<'queue.add'>['results'][number], { readonly outcome: 'refused' }>;

/** Puts one file into the queue. Throws why it was refused; `bad-argument` for a folder. */
export async function enqueueVideo(client: EngineClient, file: string, signal?: AbortSignal): Promise<Taken> {
  if ((await stat(file).catch(() => undefined))?.isDirectory() === true) {
    throw new LongtakeError('bad-argument', `${JSON.stringify(file)} is a folder. Name one video of it; "longtake queue add" takes whole folders.`, { path: file });
  }
  const { results: [added] } = await client.request('queue.add', { paths: [file] }, { signal });
  if (added === undefined) throw new LongtakeError('file-not-found', `There is no video at ${JSON.stringify(file)}.`, { path: file });
  if (added.outcome === 'refused') throw thrown(added.error);
  return added;
}

/**
 * Has the engine watch a file and waits until its memory is whole; returns the id of its video. The signal ends the waiting:
 * the encode is the queue's and goes on. Throws what {@link enqueueVideo} throws, what its encode failed with, and `cancelled` where somebody has paused or cancelled it.
 */
export async function watchVideo(client: EngineClient, file: string, { signal, onProgress }: WorkOptions = {}): Promise<string> {
  const added = await enqueueVideo(client, file, signal);
  if (added.outcome === 'in-memory') return added.videoId;
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const stopWaiting = (): void => { reject(new LongtakeError('cancelled', 'Nobody waits for it any more. The video is watched all the same.')); };
  signal?.addEventListener('abort', stopWaiting, { once: true });
  const unsubscribe = client.subscribe('queue', {}, ({ jobs }) => {
    const job = jobs.find(({ id }) => id === added.jobId);
    if (job === undefined) resolve(undefined);
    else if (job.error !== null && job.state === 'failed') reject(thrown(job.error));
    else if (job.state === 'cancelled' || job.state === 'paused') {
      const why = job.state === 'cancelled' || job.error === null ? '' : ` ${job.error.message}`;
      reject(new LongtakeError('cancelled', `Watching ${JSON.stringify(job.title)} was ${job.state} by somebody.${why} "longtake queue resume ${job.id}" goes on.`, { jobId: job.id }));
    }
    else onProgress?.({ stage: 'encode', done: job.doneSeconds, ...job.totalSeconds !== null && { total: job.totalSeconds }, ...job.etaSeconds !== null && { etaSeconds: job.etaSeconds } });
  }, { onError: reject });
  try {
    if (signal?.aborted === true) stopWaiting();
    await promise;
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', stopWaiting);
  }
  return added.videoId;
}

function thrown(error: { readonly code: string; readonly message: string }): LongtakeError {
  const { code, message, data } = wireErrorSchema.parse({ data: {}, ...error });
  return new LongtakeError(code, message, data);
}
