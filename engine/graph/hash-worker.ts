/** The thread of HashThread: items in, at null the hash out. */
import { parentPort } from 'node:worker_threads';
import { Hasher } from './hasher.ts';
import type { HashItem } from './hasher.ts';

const hasher = new Hasher();
parentPort?.on('message', (item: HashItem | null) => {
  if (item !== null) {
    hasher.add(item);
    return;
  }
  parentPort?.postMessage(hasher.digest());
  parentPort?.close();
});
