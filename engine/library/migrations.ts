import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import type { Database } from './database.ts';
import { chaptersSchema, cuesSchema, firstSchema, foldersSchema } from './schema.ts';

/** Numbered from 1, in order, never edited once released: a change of the schema is a new one. */
const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  { name: 'videos, memories, conversations, messages, jobs, settings, search', sql: firstSchema },
  { name: 'subtitle cues, searchable', sql: cuesSchema },
  { name: 'folders, questions across videos, searchable', sql: foldersSchema },
  { name: 'chapters that a model made', sql: chaptersSchema },
];

/** "LTlb": marks the file as ours, so that another program's database is never written to. */
const applicationId = 0x4c546c62;

/** Throws where the file is another program's or a newer version's. Only reads. */
export function checkSchema(database: Database): void {
  const tables = database.all(z.object({ name: z.string() }), `SELECT name FROM sqlite_schema WHERE type = 'table'`);
  if (tables.length === 0) return;
  // Read after the tables: another process may be making the library just now, and writes both at once.
  const id = database.get(z.object({ application_id: z.int() }), 'PRAGMA application_id')?.application_id ?? 0;
  if (id !== applicationId) {
    throw new LongtakeError('file-unreadable', `${database.file} is a database of another program, not a library of Longtake. `
      + 'Nothing was changed. Move it away or set LONGTAKE_HOME to another folder.', { file: database.file });
  }
  const version = readVersion(database);
  if (version > migrations.length) {
    throw new LongtakeError('newer-version', `The library ${database.file} was written by a newer Longtake (schema ${version}; this one `
      + `knows up to ${migrations.length}). Nothing was changed. Update Longtake, or set LONGTAKE_HOME to another folder.`,
    { file: database.file, version, knownVersion: migrations.length });
  }
}

/** Brings the schema up to date, in one transaction. Of two processes that start at once, the second finds it done. */
export function migrate(database: Database): void {
  database.transaction(() => {
    checkSchema(database);
    database.execute('CREATE TABLE IF NOT EXISTS migrations '
      + '(version INTEGER PRIMARY KEY, name TEXT NOT NULL, appliedAtMs INTEGER NOT NULL) STRICT');
    for (const [index, { name, sql }] of migrations.entries()) {
      if (index + 1 <= readVersion(database)) continue;
      database.execute(sql);
      database.run('INSERT INTO migrations (version, name, appliedAtMs) VALUES (:version, :name, :now)',
        { version: index + 1, name, now: Date.now() });
    }
    database.execute(`PRAGMA application_id = ${applicationId}`);
  });
}

function readVersion(database: Database): number {
  return database.get(z.object({ version: z.int().nullable() }), 'SELECT max(version) AS version FROM migrations')?.version ?? 0;
}
