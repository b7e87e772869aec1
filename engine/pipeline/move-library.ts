import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isLongtakeError, LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { openLibrary } from '../library/index.ts';
import { reserveBytes } from './forecast.ts';
import { locationFile, type Home } from './home.ts';
import { byteLengthBelow, freeBytes } from './storage.ts';

export type MoveOptions = WorkOptions & {
  /** Called when everything but the library itself has been copied: whoever has it open closes it, and opens the new one afterwards. */
  readonly closeLibrary?: () => Promise<void>;
};

export type Moved = { readonly from: string; readonly to: string; readonly byteLength: number };

/**
 * Moves the whole folder to another place: copied first, then a pointer is left behind for the next start, then the old
 * copy goes. Killed or cancelled at any point, one whole library is found again.
 * Throws `bad-argument` for a folder that will not do, `disk-full`, `read-only`, `cancelled`.
 */
export async function moveLibrary(home: Home, folder: string, { closeLibrary, signal, onProgress }: MoveOptions = {}): Promise<Moved> {
  const to = path.resolve(folder);
  await checkTarget(home, to);
  const byteLength = await byteLengthBelow(home.root);
  const free = await freeBytes(to);
  if (byteLength + reserveBytes > free) {
    throw new LongtakeError('disk-full', `The library takes ${(byteLength / 1e9).toFixed(2)} GB, and ${to} has ${(free / 1e9).toFixed(2)} GB free. Choose a folder on another disk.`, { byteLength, freeBytes: free });
  }
  const staying = new Set([locationFile, 'host.json']);
  const names = (await readdir(home.root)).filter((name) => !staying.has(name));
  const libraryName = path.basename(home.libraryFile);
  const libraryNames = [libraryName, `${libraryName}-wal`, `${libraryName}-shm`];
  let done = 0;
  try {
    for (const name of names.filter((each) => !libraryNames.includes(each))) {
      await copyTree(path.join(home.root, name), path.join(to, name), signal, (bytes) => {
        done += bytes;
        onProgress?.({ stage: 'move', done, total: byteLength });
      });
    }
    throwIfCancelled(signal);
  } catch (error) {
    for (const name of names) await rm(path.join(to, name), { recursive: true, force: true });
    throw copyError(error, to);
  }
  // From here on nothing is asked any more: the library is small, and must not change while it is copied.
  await closeLibrary?.();
  for (const name of libraryNames) if (existsSync(path.join(home.root, name))) copyFileSync(path.join(home.root, name), path.join(to, name));
  movePaths(home, to);
  writeFileSync(path.join(home.defaultRoot, locationFile), `${JSON.stringify({ version: 1, root: to })}\n`);
  for (const name of names) await rm(path.join(home.root, name), { recursive: true, force: true });
  return { from: home.root, to, byteLength };
}

async function checkTarget(home: Home, to: string): Promise<void> {
  if (to === home.root || to.startsWith(home.root + path.sep)) {
    throw new LongtakeError('bad-argument', `The library cannot move into itself: ${to}. Choose a folder outside of ${home.root}.`, { to });
  }
  const names = await mkdir(to, { recursive: true }).then(() => readdir(to)).catch((error: unknown) => { throw copyError(error, to); });
  if (names.length > 0) throw new LongtakeError('bad-argument', `${to} is not empty. Choose an empty or a new folder.`, { to });
}

async function copyTree(from: string, to: string, signal: AbortSignal | undefined, onBytes: (bytes: number) => void): Promise<void> {
  throwIfCancelled(signal);
  const stats = await stat(from);
  if (!stats.isDirectory()) {
    await copyFile(from, to);
    onBytes(stats.size);
    return;
  }
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) await copyTree(path.join(from, name), path.join(to, name), signal, onBytes);
}

/** Files that came through a browser lie inside the folder and have moved along. */
function movePaths(home: Home, to: string): void {
  const libraryFile = path.join(to, path.basename(home.libraryFile));
  if (!existsSync(libraryFile)) return;
  const before = home.uploadsDirectory + path.sep;
  const after = path.join(to, path.relative(home.root, home.uploadsDirectory)) + path.sep;
  using library = openLibrary(libraryFile);
  for (const video of [...library.videos.list(), ...library.videos.list({ removed: true })]) {
    for (const old of video.paths.filter((each) => each.startsWith(before)).reverse()) {
      library.videos.addPath(video.id, after + old.slice(before.length));
      library.videos.forgetPath(old);
    }
  }
}

function copyError(error: unknown, to: string): unknown {
  if (isLongtakeError(error) || !(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return new LongtakeError('disk-full', `${to} is full. The library stays where it was.`, { to }, { cause: error });
  return new LongtakeError('read-only', `${to} cannot be written (${String(error.code)}). The library stays where it was. Choose another folder.`, { to }, { cause: error });
}
