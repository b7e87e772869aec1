/** The thread of `checkpointSha256`: a folder and names in, one hash out. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';

const { directory, names } = z.object({ directory: z.string(), names: z.array(z.string()) }).parse(workerData);
const buffer = new Uint8Array(4 * 1024 * 1024);
const hash = createHash('sha256');
for (const name of names) {
  hash.update(JSON.stringify(name));
  const file = openSync(join(directory, name), 'r');
  for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) hash.update(buffer.subarray(0, count));
  closeSync(file);
}
parentPort?.postMessage(hash.digest('hex'));
