import { statfsSync } from 'node:fs';
import path from 'node:path';
import { isLongtakeError, LongtakeError, type ErrorCode } from '../protocol/errors.ts';

// SQLite's primary result codes: https://www.sqlite.org/rescode.html
const resultCodes: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  5: ['library-busy', 'is being written by another Longtake and did not become free. Close the other one and try again.'],
  6: ['library-busy', 'is being used elsewhere in a way that excludes others. Close the other program and try again.'],
  8: ['read-only', 'cannot be written: its file or folder is read-only. Make it writable, or set LONGTAKE_HOME to another folder.'],
  10: ['file-unreadable', 'could not be read from or written to its drive. Check the drive and try again.'],
  11: ['file-unreadable', 'is damaged. Nothing was changed. Move the file away and restore a backup; memories beside it are not affected.'],
  13: ['disk-full', 'could not grow: the disk is full. Nothing was lost. Free some space and try again.'],
  14: ['read-only', 'cannot be opened: its folder is missing or cannot be written. Make it writable, or set LONGTAKE_HOME to another folder.'],
  26: ['file-unreadable', 'is not a library of Longtake, or is damaged. Nothing was changed. Move the file away or restore a backup.'],
};

const inputOutput = 10;
const full = 13;

/** Whether not even the smallest file of SQLite would fit. */
function isDiskFull(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path.dirname(file));
    return bavail * bsize < 64 * 1024;
  } catch {
    return false;
  }
}

/** Turns an error of SQLite into the sentence that a user can act on. A {@link LongtakeError} passes through. */
export function libraryError(error: unknown, file: string): LongtakeError {
  if (isLongtakeError(error)) return error;
  const extended = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : -1;
  const message = error instanceof Error ? error.message : String(error);
  // The low byte is the primary code; the rest says more about the same thing. The log's index fails as a drive does on a full one.
  const primary = (extended & 0xff) === inputOutput && isDiskFull(file) ? full : extended & 0xff;
  const [code, sentence] = resultCodes[primary] ?? ['internal', `failed: ${message}`];
  return new LongtakeError(code, `The library ${file} ${sentence}`, { file, sqliteCode: extended, sqliteMessage: message }, { cause: error });
}

export function notFound(what: string, id: string): LongtakeError {
  return new LongtakeError('not-found', `The library has no ${what} ${id}. It may have been removed elsewhere.`, { what, id });
}
