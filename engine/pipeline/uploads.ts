import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LongtakeError } from '../protocol/errors.ts';
import { describeBytes } from '../protocol/sizes.ts';
import { isSubtitleName, subtitleNameFor } from '../protocol/subtitle-names.ts';
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
 * Takes a file that a browser sends, into a folder of its own so that it keeps its name; subtitles into that of the video that
 * was sent before them, `beside`, and named after it, so that they are found there. Whole or not at all.
 * Throws `disk-full` before the first byte and when it fills up, `bad-argument` for a name that is none, `file-unreadable` where the sender stops.
 */
export async function receiveUpload(home: UploadsHome, name: string, byteLength: number, body: Readable, beside?: string): Promise<string> {
  const file = beside === undefined ? path.join(home.uploadsDirectory, randomUUID().slice(0, 8), safeFileName(name)) : await placeBeside(home, name, beside);
  const directory = path.dirname(file);
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
    await rm(beside === undefined ? directory : `${file}.part`, { recursive: true, force: true });
    if (cause instanceof LongtakeError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(name, byteLength, await freeBytes(home.uploadsDirectory));
    throw new LongtakeError('file-unreadable', `${JSON.stringify(name)} did not arrive whole (${cause instanceof Error ? cause.message : String(cause)}). Send it again.`, { name }, { cause });
  }
}

/** Where subtitles of an uploaded video lie. Throws `bad-argument` for another file, or beside one that did not come through a browser. */
async function placeBeside(home: UploadsHome, name: string, video: string): Promise<string> {
  const isThere = path.dirname(path.dirname(path.resolve(video))) === home.uploadsDirectory && (await stat(video).catch(() => undefined))?.isFile() === true;
  if (!isThere || !isSubtitleName(name)) throw new LongtakeError('bad-argument', `${JSON.stringify(name)} is not taken: only subtitles are, beside a video that was sent before them.`, { name });
  // A page names them after the video that it sent; what is not its name any more stands under that of the file.
  const own = safeFileName(name);
  return path.join(path.dirname(video), subtitleNameFor(path.basename(video), own, path.basename(video)) ?? `${path.parse(video).name}${path.extname(own)}`);
}

export function isUpload(home: UploadsHome, file: string): boolean {
  return file.startsWith(home.uploadsDirectory + path.sep);
}

/** Deletes a file that came through a browser, and its folder; other files are not ours. */
export async function removeUpload(home: UploadsHome, file: string): Promise<void> {
  if (isUpload(home, file)) await rm(path.dirname(file), { recursive: true, force: true });
}

/** The same film was sent again: the new copy goes, and subtitles that came with it go to the one that is kept, where that is an upload, too. */
export async function mergeUpload(home: UploadsHome, again: string, kept: string): Promise<void> {
  for (const name of isUpload(home, kept) ? await readdir(path.dirname(again)) : []) {
    const asKept = subtitleNameFor(path.basename(again), name, path.basename(kept));
    if (asKept !== undefined) await rename(path.join(path.dirname(again), name), path.join(path.dirname(kept), asKept));
  }
  await removeUpload(home, again);
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
