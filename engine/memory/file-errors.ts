import { isLongtakeError, LongtakeError, type ErrorCode } from '../protocol/errors.ts';

/** The code of a failed system call ("ENOSPC"), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Turns a failed system call into the sentence that a user can act on. A {@link LongtakeError} passes through.
 * `action` completes "Longtake could not …", for example "write to the memory".
 */
export function fileError(error: unknown, action: string, file: string): LongtakeError {
  if (isLongtakeError(error)) return error;
  const code = systemCode(error);
  const because = (errorCode: ErrorCode, reason: string): LongtakeError =>
    new LongtakeError(errorCode, `Longtake could not ${action} ${file}: ${reason}`, { file, systemCode: code }, { cause: error });
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return because('disk-full', 'the disk is full. Free some space and continue; what was saved before is intact.');
  }
  if (code === 'EFBIG') {
    return because('disk-full', 'the file became larger than this drive or this account allows. Choose another drive; '
      + 'what was saved before is intact.');
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return because('read-only', `no permission (${code}). Make the folder writable or choose another one.`);
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return because('file-not-found', 'it does not exist. It may have been moved, or its drive is not connected.');
  }
  return because('file-unreadable', `${error instanceof Error ? error.message : String(error)}. Check the drive and try again.`);
}

/** Runs an action on a file with its errors translated. */
export async function onFile<Result>(action: string, file: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw fileError(error, action, file);
  }
}
