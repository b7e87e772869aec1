import type { Change, Changes } from './changes.ts';
import type { StreamContext } from './connection.ts';

/** No stream of states sends more often than this: a person sees no difference, and a slow client is not buried. */
const pauseMs = 100;

/**
 * Sends a state now and after changes that concern it. Changes that come in quick succession become one; while a state
 * is being read, another change means that it is read once more.
 */
export function watch<State>(
  changes: Changes, concerns: (change: Change) => boolean, read: () => State | Promise<State>, push: (state: State) => void, { signal, fail }: StreamContext,
): void {
  let dirty = true;
  let busy = false;
  const send = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      while (dirty && !signal.aborted) {
        dirty = false;
        push(await read());
        await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      }
    } finally {
      busy = false;
    }
  };
  changes.listen((change) => {
    if (change.topic !== 'elsewhere' && !concerns(change)) return;
    dirty = true;
    send().catch(fail);
  }, signal);
  send().catch(fail);
}
