import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFiles } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { ComputeType } from '../models/weight-store.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { allocate } from './tensors.ts';
import type { Numbers } from './tensors.ts';

const cachedRows = 2048;

/**
 * Token embeddings, read row by row from the package's weight file: a prompt needs hundreds of rows of a table that
 * takes up to a gigabyte, and the output layer already has a copy of it in memory.
 */
export class EmbeddingTable {
  readonly #handle: FileHandle;
  readonly #spec: ModelSpec;
  readonly #compute: ComputeType;
  readonly #cache = new Map<number, Numbers>();
  #isClosed = false;

  private constructor(handle: FileHandle, spec: ModelSpec, compute: ComputeType) {
    this.#handle = handle;
    this.#spec = spec;
    this.#compute = compute;
  }

  static async open(packageDirectory: string, spec: ModelSpec, compute: ComputeType): Promise<EmbeddingTable> {
    return new EmbeddingTable(await open(join(packageDirectory, packageFiles.decoderWeights), 'r'), spec, compute);
  }

  /** [ids, hidden]. Throws `bad-argument` for an id outside the vocabulary, `device-failed` once it is closed: under a question, a model goes only when its device has failed. */
  async rows(ids: ArrayLike<number>): Promise<Numbers> {
    const { hidden } = this.#spec.text;
    if (this.#isClosed) throw new LongtakeError('device-failed', 'The model was given back because its device has failed.');
    const rows = allocate(this.#compute, ids.length * hidden);
    for (let index = 0; index < ids.length; index += 1) rows.set(await this.#row(ids[index] as number), index * hidden);
    return rows;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#handle.close();
  }

  async #row(id: number): Promise<Numbers> {
    const known = this.#cache.get(id);
    if (known !== undefined) return known;
    const { hidden, vocabulary } = this.#spec.text;
    if (!Number.isInteger(id) || id < 0 || id >= vocabulary) {
      throw new LongtakeError('bad-argument', `Token ${String(id)} is outside the vocabulary of ${String(vocabulary)}.`, { token: id });
    }
    const { byteOffset, type } = this.#spec.embeddings;
    const bytes = new Uint8Array(hidden * (type === 'float32' ? 4 : 2));
    await this.#handle.read(bytes, 0, bytes.byteLength, byteOffset + id * bytes.byteLength);
    const stored = type === 'float32' ? new Float32Array(bytes.buffer) : new Float16Array(bytes.buffer);
    const row = allocate(this.#compute, hidden);
    row.set(stored);
    if (this.#cache.size >= cachedRows) this.#cache.clear();
    this.#cache.set(id, row);
    return row;
  }
}
