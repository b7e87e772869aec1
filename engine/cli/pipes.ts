import { LongtakeError } from '../protocol/errors.ts';

const lost = new AbortController();

/** Fires when stdout takes no more: its reader has left (`longtake … | head -1`), or its disk is full. The reason is a {@link LongtakeError}. */
export const outputLost: AbortSignal = lost.signal;

/**
 * Keeps a broken pipe from ending the process in the middle of a write. Without stdout a command has nothing to work for
 * and is asked to stop; a log that nobody reads stops no work.
 */
export function watchPipes(): void {
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (outputLost.aborted) return;
    lost.abort(cause.code === 'EPIPE'
      ? new LongtakeError('cancelled', 'Whoever read the output has left.', {}, { cause })
      : new LongtakeError('disk-full', `The output could not be written (${cause.code ?? cause.message}). Send it somewhere with room; what was done is kept.`, {}, { cause }));
  });
  process.stderr.on('error', () => undefined);
}
