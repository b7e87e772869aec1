import { LongtakeError } from '../protocol/errors.ts';
import { attentionShader } from './attention-shader.ts';
import { matrixSide, threads, tileRows, workgroupBytes } from './attention-tiles.ts';
import type { AttentionShape } from './attention-tiles.ts';
import { createAll, createStorage, readNumbers, writeNumbers } from './device-buffers.ts';
import { bytesPerElement, elementsPerVector } from './elements.ts';
import type { DeviceNumbers } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { floatWord, Recording } from './recording.ts';
import { Submissions } from './submissions.ts';
import type { RunOptions } from './submissions.ts';

/** Keys and values on the device, each [keys, keyHeads · headSize], of which there may be room for more than there are. */
export type AttentionMemory = {
  readonly keyCount: number;
  readonly key: GPUBuffer;
  readonly value: GPUBuffer;
  readonly dispose: () => void;
};

export type AttentionInput = {
  /** [rows, keyHeads · headSize], with room for `paddedRows`. */
  readonly queries: GPUBuffer;
  readonly memory: Omit<AttentionMemory, 'dispose'>;
  /** As the queries, another buffer. */
  readonly result: GPUBuffer;
  readonly rows: number;
  /** Multiplies the scores. */
  readonly scale: number;
  /** How many, of a kernel for sequences; rows, and keys, are then those of one. */
  readonly sequences?: number;
};

/** Unmasked attention in WGSL (`attentionShader`). */
export class AttentionKernel {
  readonly shape: AttentionShape;
  readonly #graphics: GraphicsDevice;
  readonly #pipeline: GPUComputePipeline;
  readonly #submissions: Submissions;

  private constructor(graphics: GraphicsDevice, shape: AttentionShape, pipeline: GPUComputePipeline) {
    this.#graphics = graphics;
    this.#submissions = new Submissions(graphics);
    this.shape = shape;
    this.#pipeline = pipeline;
  }

  /** Compiles the kernel. Throws `provider-unavailable` where the device cannot run it. */
  static async create(graphics: GraphicsDevice, shape: AttentionShape): Promise<AttentionKernel> {
    requireFit(shape);
    const needs = { invocations: threads(shape.tiles), bytes: workgroupBytes(shape) };
    return new AttentionKernel(graphics, shape, await pipelineOf(graphics, 'attention', attentionShader(shape), needs));
  }

  /** Room for keys and values of `keyCount` tokens; what is not written is zero. Throws `out-of-memory`. */
  async createMemory(keyCount: number): Promise<AttentionMemory> {
    if (keyCount === 0) throw new LongtakeError('internal', 'There is no attention to a memory without tokens.');
    const size = Math.ceil(keyCount / this.shape.tiles.keys) * this.shape.tiles.keys * this.rowBytes;
    const { key, value } = await createAll({ key: size, value: size }, (bytes, name) => createStorage(this.#graphics, bytes, `${name}s of a memory`));
    return { keyCount, key, value, dispose: () => { key.destroy(); value.destroy(); } };
  }

  /** Writes rows of keys or values from `firstKey` on. */
  write(buffer: GPUBuffer, firstKey: number, numbers: DeviceNumbers): void {
    writeNumbers(this.#graphics, buffer, firstKey * this.rowBytes, numbers);
  }

  /** Queries and results need room for whole tiles: what a tile has behind the last row is computed and written as well. */
  paddedRows(rows: number): number {
    return Math.ceil(rows / tileRows(this.shape.tiles)) * tileRows(this.shape.tiles);
  }

  /** Bytes of a row of queries, keys, values or results. */
  get rowBytes(): number {
    return this.shape.keyHeads * this.shape.headSize * bytesPerElement(this.shape.element);
  }

  /** result = softmax(queries · keysᵀ · scale) · values. */
  record(recording: Recording, { queries, memory, result, rows, scale, sequences = 1 }: AttentionInput): void {
    const { keyHeads, headSize, tiles } = this.shape;
    const allTiles = Math.ceil(rows / tileRows(tiles));
    recording.add({
      pipeline: this.#pipeline,
      buffers: [queries, memory.key, memory.value, result],
      // exp2 is what devices have.
      words: [memory.keyCount, floatWord(scale * Math.LOG2E), 0],
      groups: [allTiles, keyHeads, sequences],
      cost: sequences * allTiles * 4 * tileRows(tiles) * keyHeads * headSize * memory.keyCount,
    });
  }

  /** The same for queries of the host, [rows, keyHeads · headSize]. Throws `device-failed` and `out-of-memory`. */
  async attend<Numbers extends DeviceNumbers>(queries: Numbers, memory: AttentionMemory, scale: number, options: RunOptions = {}): Promise<Numbers> {
    const { keyHeads, headSize } = this.shape;
    const rows = queries.length / (keyHeads * headSize);
    if (!Number.isInteger(rows) || rows === 0) throw new LongtakeError('internal', `${String(queries.length)} numbers are no rows of ${String(keyHeads * headSize)} channels.`);
    const size = this.paddedRows(rows) * this.rowBytes;
    const buffers = await createAll({ queries: size, result: size }, (bytes) => createStorage(this.#graphics, bytes, 'queries and results'));
    const recording = new Recording(this.#graphics);
    try {
      writeNumbers(this.#graphics, buffers.queries, 0, queries);
      this.record(recording, { ...buffers, memory, rows, scale });
      await this.#submissions.run(recording.steps, options);
      const result = new (queries.constructor as new (length: number) => Numbers)(queries.length);
      await readNumbers(this.#graphics, buffers.result, 0, result);
      return result;
    } finally {
      recording.dispose();
      buffers.queries.destroy();
      buffers.result.destroy();
    }
  }
}

function requireFit({ headSize, spelling, element, tiles, sequences }: AttentionShape): void {
  const step = spelling === 'matrix' ? matrixSide : elementsPerVector(element);
  if (headSize % step !== 0 || tiles.keys % step !== 0) throw unfit('attention', `heads of ${String(headSize)} channels or tiles of ${String(tiles.keys)} keys are no multiples of ${String(step)}`);
  if (sequences !== undefined && !tiles.staged) throw unfit('attention', 'keys of sequences are not read from where they lie');
  if (tileRows(tiles) > threads(tiles)) throw unfit('attention', 'a tile has more rows than invocations');
}
