import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import { libraryError } from './library-errors.ts';

export type Parameters = Readonly<Record<string, SQLInputValue>>;

/**
 * A thin coat over node:sqlite: statements are prepared once, rows are parsed by a schema instead of trusted, errors
 * become sentences, and transactions nest. All calls are synchronous; none takes long on a library's size.
 */
export class Database {
  readonly file: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #transactionDepth = 0;

  /** Takes a connection that `openLibrary` has made and checked. */
  constructor(file: string, connection: DatabaseSync) {
    this.file = file;
    this.#connection = connection;
  }

  all<Schema extends z.ZodType>(schema: Schema, sql: string, parameters: Parameters = {}): z.infer<Schema>[] {
    return this.#guard(() => this.#prepare(sql).all(parameters)).map((row) => this.#parse(schema, row));
  }

  get<Schema extends z.ZodType>(schema: Schema, sql: string, parameters: Parameters = {}): z.infer<Schema> | undefined {
    const row = this.#guard(() => this.#prepare(sql).get(parameters));
    return row === undefined ? undefined : this.#parse(schema, row);
  }

  /** Returns how many rows changed. */
  run(sql: string, parameters: Parameters = {}): number {
    return Number(this.#guard(() => this.#prepare(sql).run(parameters)).changes);
  }

  /** For schemas and pragmas: several statements, no parameters. */
  execute(sql: string): void {
    this.#guard(() => { this.#connection.exec(sql); });
  }

  /**
   * Runs writes as one: all of them or none. It takes the write lock at once, so that what it reads cannot change
   * before it writes, and waits for another process that has it (`library-busy` after the timeout).
   */
  transaction<Result>(run: () => Result): Result {
    if (this.#transactionDepth > 0) return run();
    this.execute('BEGIN IMMEDIATE');
    this.#transactionDepth++;
    try {
      const result = run();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled back by itself already.
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    } finally {
      this.#transactionDepth--;
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<Result>(run: () => Result): Result {
    try {
      return run();
    } catch (error) {
      throw libraryError(error, this.file);
    }
  }

  #parse<Schema extends z.ZodType>(schema: Schema, row: unknown): z.infer<Schema> {
    const parsed = schema.safeParse(row);
    if (parsed.success) return parsed.data;
    throw new LongtakeError('file-unreadable', `The library ${this.file} holds an entry that cannot be read: `
      + `${z.prettifyError(parsed.error)}. Restore the library from a backup.`, { file: this.file }, { cause: parsed.error });
  }
}

/** JSON text for a column; undefined becomes NULL. */
export function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
