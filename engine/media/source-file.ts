import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LongtakeError } from '../protocol/errors.ts';
import { showPath } from './command-line.ts';

/** What tells that a file is still the one that was opened. */
export type SourceFile = {
  /** Absolute. */
  readonly path: string;
  readonly byteLength: number;
  readonly modifiedMilliseconds: number;
};

/**
 * Checks what must hold before any tool sees the file, so that each fault gets its own sentence.
 * Throws `file-not-found`, `file-unreadable` (folder, not a regular file, no permission) or `not-a-video` (empty).
 */
export async function openSourceFile(path: string): Promise<SourceFile> {
  if (path === '') throw new LongtakeError('bad-argument', 'No video was named. Give the path of a video file.');
  const absolutePath = resolve(path);
  const name = showPath(path);
  let stats;
  try {
    stats = await stat(absolutePath);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      // What a command line could not read as text arrives as U+FFFD, and then names nothing.
      if (path.includes('\ufffd')) throw new LongtakeError('file-not-found', `There is no file ${name}. If its name is not UTF-8 (the sign \ufffd stands for such bytes), rename it.`, { path }, { cause });
      throw new LongtakeError('file-not-found', `There is no file ${name}. Check the path and whether its drive is connected.`, { path }, { cause });
    }
    throw new LongtakeError('file-unreadable', `The file ${name} cannot be read (${code ?? 'unknown reason'}). Check its permissions.`, { path }, { cause });
  }
  if (stats.isDirectory()) throw new LongtakeError('file-unreadable', `${name} is a folder. Give a video file inside it.`, { path });
  if (!stats.isFile()) throw new LongtakeError('file-unreadable', `${name} is not a regular file. Save the video as a file first.`, { path });
  if (stats.size === 0) throw new LongtakeError('not-a-video', `The file ${name} is empty (0 bytes). Copy or download it again.`, { path });
  try {
    await access(absolutePath, constants.R_OK);
  } catch (cause) {
    throw new LongtakeError('file-unreadable', `The file ${name} cannot be read: permission denied. Check its permissions.`, { path }, { cause });
  }
  return { path: absolutePath, byteLength: stats.size, modifiedMilliseconds: stats.mtimeMs };
}

/** Throws `file-changed` when the file is no longer the one that was opened: gone, replaced, grown or rewritten. */
export async function assertUnchanged(source: SourceFile): Promise<void> {
  const name = showPath(source.path);
  let stats;
  try {
    stats = await stat(source.path);
  } catch (cause) {
    throw new LongtakeError('file-changed', `The file ${name} disappeared while it was being read. Put it back and start again; what was encoded is kept.`, { path: source.path }, { cause });
  }
  if (stats.size !== source.byteLength) {
    throw new LongtakeError('file-changed',
      `The file ${name} changed while it was being read (${source.byteLength} bytes before, ${stats.size} now). Wait until it is complete and start again.`,
      { path: source.path, byteLengthBefore: source.byteLength, byteLengthNow: stats.size });
  }
  if (stats.mtimeMs !== source.modifiedMilliseconds) {
    throw new LongtakeError('file-changed', `The file ${name} was written to while it was being read. Start again.`, { path: source.path });
  }
}
