import { isLongtakeError } from '../protocol/errors.ts';
import type { Library } from '../library/index.ts';
import type { Changes } from './changes.ts';
import type { ModelHost } from './model-host.ts';

const lookEveryMs = 1000;

/**
 * Looks every second whether another process has written to the library (the command line, a second engine), and says so to
 * every stream. Returns what ends the looking.
 */
export function watchElsewhere(library: Library, changes: Changes, host: ModelHost): () => void {
  const timer = setInterval(() => {
    try {
      if (!library.writtenElsewhere()) return;
      changes.emit({ topic: 'elsewhere' });
      host.follow().catch(() => undefined); // a model that cannot be closed says so where it is used
    } catch (error) {
      if (!isLongtakeError(error)) throw error; // a library that is busy is looked at again
    }
  }, lookEveryMs);
  return () => { clearInterval(timer); };
}
