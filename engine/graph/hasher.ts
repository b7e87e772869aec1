import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

/** What goes into a hash: words, or bytes `from` to `to` of a file. */
export type HashItem = { readonly text: string } | { readonly path: string; readonly from: number; readonly to: number };

const buffer = new Uint8Array(1024 * 1024);

/** SHA-256 over items as they come. Reading waits: it is for a thread of its own, or for little. */
export class Hasher {
  readonly #hash = createHash('sha256');

  add(item: HashItem): void {
    if ('text' in item) {
      this.#hash.update(item.text);
      return;
    }
    const file = openSync(item.path, 'r');
    try {
      for (let place = item.from; place < item.to;) {
        const count = readSync(file, buffer, 0, Math.min(buffer.length, item.to - place), place);
        if (count === 0) throw new Error(`${item.path} ended early: it changed while it was read.`);
        this.#hash.update(buffer.subarray(0, count));
        place += count;
      }
    } finally {
      closeSync(file);
    }
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}
