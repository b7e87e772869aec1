import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isLongtakeError, LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { describeBytes } from '../protocol/sizes.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { openLibrary, withLibraryClosed } from '../library/index.ts';
import { replaceDurable } from '../memory/index.ts';
import { reserveBytes } from './forecast.ts';
import { defaultFolderNames, locationFile, movedRoot, type Home } from './home.ts';
import { byteLengthBelow, freeBytes } from './storage.ts';

export type MoveOptions = WorkOptions & {
  /** Called when everything but the library itself has been copied: who has it open in this process closes it, and opens the new one afterwards. */
  readonly closeLibrary?: () => Promise<void>;
};

export type Moved = { readonly from: string; readonly to: string; readonly byteLength: number };

/**
 * Moves the whole folder to another place: copied first, then a pointer is left behind for the next start, then the old
 * copy goes. Killed, cancelled or without power at any point, one whole library is found again.
 * Throws `bad-argument` for a folder that will not do, `disk-full`, `read-only`, `cancelled`, `library-busy` where another
 * process has the library open.
 */
export async function moveLibrary(home: Home, folder: string, { closeLibrary, signal, onProgress }: MoveOptions = {}): Promise<Moved> {
  const to = path.resolve(folder);
  await checkTarget(home, to);
  const alone = <Result>(work: () => Promise<Result>): Promise<Result> => (existsSync(home.libraryFile) ? withLibraryClosed(home.libraryFile, work) : work());
  // To be told before gigabytes are copied. Where the caller has it open, the end tells.
  if (closeLibrary === undefined) await alone(() => Promise.resolve());
  const byteLength = await byteLengthBelow(home.root);
  const free = await freeBytes(to);
  if (byteLength + reserveBytes > free) {
    throw new LongtakeError('disk-full', `The library takes ${describeBytes(byteLength)}, and ${to} has ${describeBytes(free)} free. Choose a folder on another disk.`, { byteLength, freeBytes: free });
  }
  const copy = new TreeCopy(signal, (done) => { onProgress?.({ stage: 'move', done: Math.min(done, byteLength), total: byteLength }); });
  const copyRest = async (): Promise<void> => {
    for (const name of await movingNames(home)) await copy.add(path.join(home.root, name), path.join(to, name));
  };
  try {
    await copyRest();
    await closeLibrary?.();
    await alone(async () => {
      // What another process has added since: memories only grow, and now nobody is there to add more.
      await copyRest();
      const libraryName = path.basename(home.libraryFile);
      if (existsSync(home.libraryFile)) await copy.add(home.libraryFile, path.join(to, libraryName));
      movePaths(home, to);
      await replaceDurable(path.join(home.defaultRoot, locationFile), Buffer.from(`${JSON.stringify({ version: 1, root: to })}\n`));
    });
  } catch (error) {
    // Once the pointer says so, the copy is the library.
    if (movedRoot(home.defaultRoot) !== to) for (const name of await copiedNames(home, to)) await rm(path.join(to, name), { recursive: true, force: true });
    throw copyError(error, to);
  }
  await removeOld(home, to);
  return { from: home.root, to, byteLength };
}

async function removeOld(home: Home, to: string): Promise<void> {
  try {
    for (const name of [...await movingNames(home), path.basename(home.libraryFile)]) await rm(path.join(home.root, name), { recursive: true, force: true });
  } catch (cause) {
    throw new LongtakeError('read-only', `The library is now in ${to}, but what is left of it in ${home.root} could not be deleted `
      + `(${cause instanceof Error ? cause.message : String(cause)}). Delete it yourself.`, { from: home.root, to }, { cause });
  }
}

/** What moves, without the library itself, which must not change while it is copied. */
async function movingNames(home: Home): Promise<string[]> {
  const libraryName = path.basename(home.libraryFile);
  const staying = new Set([...defaultFolderNames, libraryName, `${libraryName}-wal`, `${libraryName}-shm`, `${libraryName}-journal`]);
  return (await readdir(home.root)).filter((name) => !staying.has(name));
}

async function checkTarget(home: Home, to: string): Promise<void> {
  if (to === home.root || to.startsWith(home.root + path.sep)) {
    throw new LongtakeError('bad-argument', `The library cannot move into itself: ${to}. Choose a folder outside of ${home.root}.`, { to });
  }
  const names = await mkdir(to, { recursive: true }).then(() => copiedNames(home, to)).catch((error: unknown) => { throw copyError(error, to); });
  if (names.length > 0) throw new LongtakeError('bad-argument', `${to} is not empty. Choose an empty or a new folder.`, { to });
}

/** What lies in a folder that a library moves to. It may come back to the default folder, which keeps a few files for itself. */
async function copiedNames({ defaultRoot }: Home, folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return folder === path.resolve(defaultRoot) ? names.filter((name) => !defaultFolderNames.includes(name)) : names;
}

/** Copies trees onto the disk. What is added again is copied only where it has changed. */
class TreeCopy {
  readonly #copied = new Map<string, string>();
  readonly #signal: AbortSignal | undefined;
  readonly #onBytes: (done: number) => void;
  #done = 0;

  constructor(signal: AbortSignal | undefined, onBytes: (done: number) => void) {
    this.#signal = signal;
    this.#onBytes = onBytes;
  }

  async add(from: string, to: string): Promise<void> {
    throwIfCancelled(this.#signal);
    const stats = await stat(from);
    if (stats.isDirectory()) {
      await mkdir(to, { recursive: true });
      for (const name of await readdir(from)) await this.add(path.join(from, name), path.join(to, name));
      return;
    }
    const stamp = `${stats.size} ${stats.mtimeMs}`;
    if (this.#copied.get(from) === stamp) return;
    await copyFile(from, to);
    await using written = await open(to, 'r+');
    await written.sync();
    this.#copied.set(from, stamp);
    this.#done += stats.size;
    this.#onBytes(this.#done);
  }
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
