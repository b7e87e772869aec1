import { z } from 'zod';
import { jsonText } from '../protocol/json-text.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { type Database } from './database.ts';

const settingSchema = z.object({ key: z.string(), value: jsonText });

/** Small JSON values by name. */
export class Settings {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  /** Undefined where it was never set, or where what is stored no longer fits the schema. */
  get<Schema extends z.ZodType>(key: string, schema: Schema): z.infer<Schema> | undefined {
    const row = this.#database.get(settingSchema, 'SELECT key, value FROM settings WHERE key = :key', { key });
    const parsed = schema.safeParse(row?.value);
    return parsed.success ? parsed.data : undefined;
  }

  set(key: string, value: unknown): void {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new LongtakeError('bad-argument', `The setting "${key}" cannot hold ${typeof value}.`, { key });
    this.#database.run('INSERT INTO settings (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      { key, value: text });
  }

  remove(key: string): void {
    this.#database.run('DELETE FROM settings WHERE key = :key', { key });
  }

  all(): Record<string, unknown> {
    return Object.fromEntries(this.#database.all(settingSchema, 'SELECT key, value FROM settings ORDER BY key').map(({ key, value }) => [key, value]));
  }
}
