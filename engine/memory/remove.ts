import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isLongtakeError } from '../protocol/errors.ts';
import { onFile, systemCode } from './file-errors.ts';
import { importingSuffix } from './import.ts';
import { lockMemory } from './lock.ts';

const removingSuffix = '.removing';

/**
 * Deletes a memory. It is gone from its name at once, and from the disk after that; killed in between, the rest is
 * cleared by {@link sweepMemories}. Throws `library-busy` while it is being written. A missing folder is fine.
 */
export async function removeMemory(directory: string): Promise<void> {
  const lock = await lockMemory(directory).catch((error: unknown) => {
    if (isLongtakeError(error, 'file-not-found')) return undefined;
    throw error;
  });
  if (lock === undefined) return;
  const removing = `${path.resolve(directory)}${removingSuffix}`;
  try {
    await onFile('remove', directory, async () => {
      await rm(removing, { recursive: true, force: true });
      await rename(directory, removing);
      await rm(removing, { recursive: true, force: true });
    });
  } finally {
    await lock.release();
  }
}

/** Clears what killed imports and removals have left in a folder of memories. What another process is at stays. */
export async function sweepMemories(memoriesDirectory: string): Promise<void> {
  const names = await readdir(memoriesDirectory).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter((each) => each.endsWith(importingSuffix) || each.endsWith(removingSuffix))) {
    const directory = path.join(memoriesDirectory, name);
    const lock = await lockMemory(directory).catch(() => undefined);
    if (lock === undefined) continue;
    await rm(directory, { recursive: true, force: true });
    await lock.release();
  }
}
