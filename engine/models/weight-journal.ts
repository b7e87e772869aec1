import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { WeightFile } from '../graph/weight-file.ts';

const recordSchema = z.object({
  key: z.string(),
  shape: z.array(z.int()),
  data: z.object({ location: z.string(), byteOffset: z.int(), byteLength: z.int() }),
  /** Checkpoint tensors that went into it. */
  tensors: z.array(z.string()),
});
export type WeightRecord = z.infer<typeof recordSchema>;

/** What may have to be converted once more after a power cut. */
const flushBytes = 512 * 1024 * 1024;

/**
 * Which tensors of a weight file are written, one line each in NAME.weights.journal: an import that was interrupted goes
 * on behind the last of them. A line is written after its bytes have been flushed.
 */
export class WeightJournal {
  readonly records: readonly WeightRecord[];
  readonly #handle: FileHandle;
  #waiting: WeightRecord[] = [];
  #waitingBytes = 0;
  /** What is on its way to the disk while more is converted. */
  #flushing: Promise<void> = Promise.resolve();

  private constructor(handle: FileHandle, records: readonly WeightRecord[]) {
    this.#handle = handle;
    this.records = records;
  }

  /** Reads the journal of an earlier attempt, or begins one. */
  static async open(weightFilePath: string): Promise<WeightJournal> {
    const path = `${weightFilePath}.journal`;
    const records: WeightRecord[] = [];
    for (const line of (await readFile(path, 'utf8').catch(() => '')).split('\n')) {
      const record = recordSchema.safeParse(tryParse(line));
      if (!record.success) break; // the end, or a line that was cut off
      records.push(record.data);
    }
    // The scales of codes are known only while the codes are made.
    if (records.at(-1)?.key.endsWith('.codes') === true) records.pop();
    const handle = await open(path, 'w');
    await handle.write(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    return new WeightJournal(handle, records);
  }

  /** Bytes of the weight file that the journal vouches for. */
  get byteLength(): number {
    const last = this.records.at(-1);
    return last === undefined ? 0 : last.data.byteOffset + last.data.byteLength;
  }

  /** Notes a tensor of which no byte is still to be handed over to `file`. Throws what went wrong with those before it. */
  async add(record: WeightRecord, file: WeightFile): Promise<void> {
    this.#waiting.push(record);
    this.#waitingBytes += record.data.byteLength;
    if (this.#waitingBytes <= flushBytes) return;
    await this.#flushing;
    this.#flushing = this.#flush(file);
    this.#flushing.catch(() => undefined); // thrown by whatever is called next
  }

  /** Waits until everything noted is on the disk. */
  async flush(file: WeightFile): Promise<void> {
    const before = this.#flushing;
    this.#flushing = Promise.resolve();
    await before;
    await this.#flush(file);
  }

  async close(): Promise<void> {
    try {
      await this.#flushing;
    } finally {
      await this.#handle.close();
    }
  }

  async #flush(file: WeightFile): Promise<void> {
    if (this.#waiting.length === 0) return;
    const lines = this.#waiting.map((record) => `${JSON.stringify(record)}\n`).join('');
    this.#waiting = [];
    this.#waitingBytes = 0;
    await file.flush();
    await this.#handle.write(lines);
  }
}

function tryParse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
