import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { Chapters } from './chapters.ts';
import { ConversationArchive } from './conversation-archive.ts';
import { Conversations } from './conversations.ts';
import { Cues } from './cues.ts';
import { Database } from './database.ts';
import { Folders } from './folders.ts';
import { Jobs } from './jobs.ts';
import { libraryError } from './library-errors.ts';
import { Memories } from './memories.ts';
import { Messages } from './messages.ts';
import { checkSchema, migrate } from './migrations.ts';
import { search, type SearchHit } from './search.ts';
import { Settings } from './settings.ts';
import { Surveys } from './surveys.ts';
import { Videos } from './videos.ts';

/** SQLite's count of what other connections have committed (https://sqlite.org/pragma.html#pragma_data_version). */
const dataVersionSchema = z.object({ data_version: z.int() });

export type OpenLibraryOptions = {
  /** How long a write waits for another process's. It blocks this one meanwhile. Default 5000. */
  readonly busyTimeoutMs?: number;
};

/**
 * Opens the library, creating it where there is none. Several processes may have one open.
 * Throws `read-only`, `library-busy`, `newer-version`, `disk-full`; `file-unreadable` for a damaged file or another
 * program's database. A file that is refused has not been written to.
 */
export function openLibrary(file: string, { busyTimeoutMs = 5000 }: OpenLibraryOptions = {}): Library {
  let database: Database | undefined;
  try {
    database = new Database(file, new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true, defensive: true }));
    checkSchema(database);
    useWriteAheadLog(database, busyTimeoutMs);
    // A message that was shown must survive a power cut: FULL waits for the disk at every commit.
    database.execute('PRAGMA synchronous = FULL');
    migrate(database);
    return new Library(database);
  } catch (error) {
    database?.close();
    throw libraryError(error, file);
  }
}

/** What a user has: each member is one kind of thing. Dispose it when the process ends. */
export class Library {
  readonly file: string;
  readonly videos: Videos;
  readonly folders: Folders;
  readonly memories: Memories;
  readonly conversations: Conversations;
  readonly messages: Messages;
  readonly conversationArchive: ConversationArchive;
  readonly surveys: Surveys;
  readonly cues: Cues;
  readonly chapters: Chapters;
  readonly jobs: Jobs;
  readonly settings: Settings;
  readonly #database: Database;
  #dataVersion = 0;

  /** For {@link openLibrary}. */
  constructor(database: Database) {
    this.#database = database;
    this.file = database.file;
    this.videos = new Videos(database);
    this.folders = new Folders(database);
    this.memories = new Memories(database);
    this.conversations = new Conversations(database);
    this.messages = new Messages(database);
    this.conversationArchive = new ConversationArchive(database, this.conversations, this.messages);
    this.surveys = new Surveys(database);
    this.cues = new Cues(database);
    this.chapters = new Chapters(database);
    this.jobs = new Jobs(database);
    this.settings = new Settings(database);
    this.writtenElsewhere(); // what was there before is nobody's change
  }

  /** See {@link search}. */
  search(query: string, options: { readonly limit?: number } = {}): SearchHit[] {
    return search(this.#database, query, options);
  }

  /** Runs several calls as one: all of them or, where one throws, none. `run` must not be asynchronous. */
  transaction<Result>(run: () => Result): Result {
    return this.#database.transaction(run);
  }

  /** Whether another process, or another connection of this one, has written since this was asked last. */
  writtenElsewhere(): boolean {
    const version = this.#database.get(dataVersionSchema, 'PRAGMA data_version')?.data_version ?? 0;
    const changed = version !== this.#dataVersion;
    this.#dataVersion = version;
    return changed;
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The switch to a write-ahead log needs the file for itself for a moment, and SQLite gives up on it without waiting
 * when two connections try at once: the one that lost finds it done a moment later.
 */
function useWriteAheadLog(database: Database, busyTimeoutMs: number): void {
  const retries = 50;
  for (let attempt = 1; ; attempt++) {
    try {
      database.execute('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (attempt === retries) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyTimeoutMs / retries);
    }
  }
}
