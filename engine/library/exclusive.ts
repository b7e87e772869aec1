import { DatabaseSync } from 'node:sqlite';
import { libraryError } from './library-errors.ts';

/**
 * Runs `work` while no process has the library open, this one included: its file then holds everything, without a log beside it.
 * Others that open it meanwhile wait for a moment, and are then told that it is busy. Throws `library-busy` where it is open.
 */
export async function withLibraryClosed<Result>(file: string, work: () => Promise<Result>, busyTimeoutMs = 1000): Promise<Result> {
  using connection = openAlone(file, busyTimeoutMs);
  const result = await work();
  connection.exec('COMMIT');
  return result;
}

/** Only the single connection to a library can take its write-ahead log away. */
function openAlone(file: string, timeout: number): DatabaseSync {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(file, { timeout });
    connection.exec('PRAGMA journal_mode = DELETE');
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection?.close();
    throw libraryError(error, file);
  }
}
