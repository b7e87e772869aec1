import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LongtakeError } from '../protocol/errors.ts';
import { describeBytes } from '../protocol/sizes.ts';
import { reserveBytes } from './forecast.ts';
import type { Home } from './home.ts';
import { freeBytes } from './storage.ts';

type UploadsHome = Pick<Home, 'uploadsDirectory'>;

/** What is left of an upload that nobody waits for any more, by then, is swept. */
const forgottenAfterMs = 24 * 3600 * 1000;
const longestName = 200;

/** A name that every file system takes, ending kept; what Windows forbids is forbidden everywhere. Throws `bad-argument` where nothing is left of it and nothing stands in for it. */
export function safeFileName(name: string, instead?: string): string {
  const cleaned = (name.split(/[/\\]/u).at(-1) ?? '').replaceAll(/[<>:"|?*\u0000-\u001f]+/gu, ' ').replaceAll(/\s+/gu, ' ').trim().replace(/^[. ]+/u, '').replace(/[. ]+$/u, '');
  const ending = path.extname(cleaned);
  const stem = [...path.basename(cleaned, ending)].slice(0, longestName - ending.length).join('').trim();
  if (stem === '' && instead !== undefined) return instead;
  if (stem === '') throw new LongtakeError('bad-argument', `${JSON.stringify(name)} is no name of a file.`, { name });
  return `${stem}${ending}`;
}

/**
 * Takes a file that a browser sends, into a folder of its own so that it keeps its name. Whole or not at all.
 * Throws `disk-full` before the first byte and when it fills up, `bad-argument` for a name that is none, `file-unreadable` where the sender stops.
 */
export async function receiveUpload(home: UploadsHome, name: string, byteLength: number, body: Readable): Promise<string> {
  const directory = path.join(home.uploadsDirectory, randomUUID().slice(0, 8));
  const file = path.join(directory, safeFileName(name));
  const free = await freeBytes(home.uploadsDirectory);
  if (byteLength + reserveBytes > free) throw diskFull(name, byteLength, free);
  await mkdir(directory, { recursive: true });
  try {
    await pipeline(body, createWriteStream(`${file}.part`, { flags: 'wx' }));
    const { size } = await stat(`${file}.part`);
    if (size !== byteLength) throw new LongtakeError('file-unreadable', `${JSON.stringify(name)} arrived with ${size} of ${byteLength} bytes. Send it again.`, { name });
    await rename(`${file}.part`, file);
    return file;
  } catch (cause) {
    await rm(directory, { recursive: true, force: true });
    if (cause instanceof LongtakeError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(name, byteLength, await freeBytes(home.uploadsDirectory));
    throw new LongtakeError('file-unreadable', `${JSON.stringify(name)} did not arrive whole (${cause instanceof Error ? cause.message : String(cause)}). Send it again.`, { name }, { cause });
  }
}

export function isUpload(home: UploadsHome, file: string): boolean {
  return file.startsWith(home.uploadsDirectory + path.sep);
}

/** Deletes a file that came through a browser, and its folder; other files are not ours. */
export async function removeUpload(home: UploadsHome, file: string): Promise<void> {
  if (isUpload(home, file)) await rm(path.dirname(file), { recursive: true, force: true });
}

/** Deletes what was sent long ago and never became a video of the library: a page that closed in between. */
export async function sweepUploads(home: UploadsHome, usedPaths: ReadonlySet<string>, nowMs = Date.now()): Promise<void> {
  for (const name of await readdir(home.uploadsDirectory)) {
    const directory = path.join(home.uploadsDirectory, name);
    const inside = await readdir(directory).catch(() => []);
    if (inside.some((file) => usedPaths.has(path.join(directory, file)))) continue;
    const stats = await stat(path.join(directory, inside[0] ?? '')).catch(() => undefined);
    if (stats !== undefined && nowMs - stats.mtimeMs > forgottenAfterMs) await rm(directory, { recursive: true, force: true });
  }
}

function diskFull(name: string, byteLength: number, free: number): LongtakeError {
  return new LongtakeError('disk-full', `${JSON.stringify(name)} takes ${describeBytes(byteLength)}, and the disk of the library has ${describeBytes(free)} free. Make room, or move the library to another disk.`,
    { byteLength, freeBytes: free });
}
