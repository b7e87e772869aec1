import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { elementByteLength, elementCount } from '../../graph/element-types.ts';
import { readStoredTensors } from '../../graph/stored-tensors.ts';
import type { StoredEntry } from '../../graph/stored-tensors.ts';
import { createStorage, writeBytes } from '../../kernels/device-buffers.ts';
import type { Element } from '../../kernels/elements.ts';
import type { GraphicsDevice } from '../../kernels/graphics-device.ts';
import type { LinearWeights } from '../../kernels/linear-kernel.ts';
import { blockInputs } from '../../kernels/linear-shape.ts';
import type { WeightLayout } from '../../kernels/linear-shape.ts';
import { LongtakeError, throwIfCancelled } from '../../protocol/errors.ts';
import { filledBytes, filledPieces } from './filled-matrices.ts';
import type { FilledMatrix } from './filled-matrices.ts';
import { densePieces, pieceBytes, rowPieces } from './weight-pieces.ts';
import type { WeightPiece } from './weight-pieces.ts';

/** A linear layer's weight on the device, and the parts of a kernel's shape that follow from how it is kept. */
export type HeldLinear = {
  readonly weights: LinearWeights;
  readonly shape: { readonly inputs: number; readonly outputs: number; readonly weight: WeightLayout; readonly stored: Element; readonly biased: boolean };
};

const alignment = 8; // outputs; kernels move eight halves at a time

/**
 * The weights of a package in buffers of our own device. The graphs say where each lies and how it is kept; numbers go from the
 * file to the device, and this process has two pieces of them. One tensor at a time: await each before the next.
 */
export class DeviceWeights {
  readonly #graphics: GraphicsDevice;
  readonly #directory: string;
  readonly #entries: ReadonlyMap<string, StoredEntry>;
  readonly #files = new Map<string, FileHandle>();
  readonly #buffers = new Map<string, GPUBuffer>();
  /** Two pieces take turns on their way from the file to the device. */
  readonly #staging = [new Uint8Array(pieceBytes), new Uint8Array(pieceBytes)] as const;

  readonly #signal: AbortSignal | undefined;

  private constructor(graphics: GraphicsDevice, directory: string, entries: ReadonlyMap<string, StoredEntry>, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#graphics = graphics;
    this.#directory = directory;
    this.#entries = entries;
  }

  /** Finds the tensors of the named graphs; loads none. A signal ends the loading of later ones between two pieces. Throws `model-invalid`. */
  static async open(graphics: GraphicsDevice, packageDirectory: string, graphFileNames: readonly string[], signal?: AbortSignal): Promise<DeviceWeights> {
    const entries = new Map<string, StoredEntry>();
    for (const name of graphFileNames) {
      for (const [key, entry] of readStoredTensors(await readFile(join(packageDirectory, name)))) entries.set(key, entry);
    }
    return new DeviceWeights(graphics, packageDirectory, entries, signal);
  }

  /** Bytes on the device so far. */
  get byteLength(): number {
    return [...this.#buffers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** What tensors that are not codes are kept in. */
  elementOf(name: string): Element {
    return this.#entry(name).type === 'float32' ? 'f32' : 'f16';
  }

  /** A tensor as it is kept: a norm's scale, a bias. Loaded once. Throws `out-of-memory`. */
  async tensor(name: string): Promise<GPUBuffer> {
    const { shape, type, data } = this.#entry(name);
    return await this.#load(name, padded(elementCount(shape)) * elementByteLength(type), densePieces(data.byteOffset, data.byteLength));
  }

  /**
   * The linear layer that `WeightStore.linear` has stored under this key; outputs are filled up to a multiple of eight.
   * `cut` where its outputs are in parts (cut-products.ts): they lie side by side here, the first part's first, or, where each
   * part has its share of `joined` matrices, all of the first matrix first. Loaded once. Throws `out-of-memory`.
   */
  async linear(key: string, inputs: number, cut: 'whole' | 'outputs' = 'whole', joined = 1): Promise<HeldLinear> {
    const biasName = `${key}.bias`;
    const bias = this.#entries.has(biasName) ? await this.tensor(biasName) : undefined;
    const biased = bias !== undefined;
    if (this.#entries.has(`${key}.codes`)) {
      const { shape: [outputs = 0, blocks = 0, blockBytes = 0] } = this.#entry(`${key}.codes`);
      const [weight, scales] = [await this.#padded(`${key}.codes`, outputs), await this.#padded(`${key}.scales`, outputs)];
      if (blocks !== Math.ceil(inputs / blockInputs)) throw this.#unlike(key);
      return { weights: { weight, scales, bias }, shape: { inputs, outputs: padded(outputs), weight: blockBytes === blockInputs ? 'int8' : 'int4', stored: this.elementOf(`${key}.scales`), biased } };
    }
    const name = `${key}.weight`;
    const { shape, type, data } = this.#entry(name);
    const size = elementByteLength(type);
    const outputs = elementCount(shape) / inputs;
    const parts = cut === 'outputs' && shape.length === 3 ? shape[0] as number : 1;
    if (!Number.isInteger(outputs) || outputs !== parts * (shape.at(-1) as number)) throw this.#unlike(key);
    const strideBytes = padded(outputs) * size;
    const pieces = parts === 1 && padded(outputs) === outputs ? densePieces(data.byteOffset, data.byteLength)
      : rowPieces(data.byteOffset, { rows: inputs, parts, joined, partBytes: outputs / parts * size, strideBytes });
    const weight = await this.#load(name, inputs * strideBytes, pieces);
    const stored = this.elementOf(name);
    return { weights: { weight, bias }, shape: { inputs, outputs: padded(outputs), weight: stored, stored, biased } };
  }

  /** Layers without biases that `WeightStore.quantized` has stored under these keys, as one: their outputs behind each other. */
  async joinedCodes(keys: readonly string[], inputs: number): Promise<HeldLinear> {
    const [first = ''] = keys;
    const { shape: [, , blockBytes = 0] } = this.#entry(`${first}.codes`);
    const outputs = keys.reduce((sum, key) => sum + (this.#entry(`${key}.codes`).shape[0] as number), 0);
    if (keys.some((key) => padded(this.#entry(`${key}.codes`).shape[0] as number) !== this.#entry(`${key}.codes`).shape[0])) throw this.#unlike(first);
    const join = async (suffix: string) => {
      const places = keys.map((key) => this.#entry(`${key}.${suffix}`).data);
      let start = 0;
      const pieces = places.flatMap(({ byteOffset, byteLength }) => {
        const shifted = densePieces(byteOffset, byteLength).map((piece) => ({ ...piece, byteOffset: start + piece.byteOffset }));
        start += byteLength;
        return shifted;
      });
      return await this.#load(`${first}.${suffix}`, start, pieces);
    };
    return {
      weights: { weight: await join('codes'), scales: await join('scales') },
      shape: { inputs, outputs, weight: blockBytes === blockInputs ? 'int8' : 'int4', stored: this.elementOf(`${first}.scales`), biased: false },
    };
  }

  /** Whether a layer is kept in codes. */
  isQuantised(key: string): boolean {
    return this.#entries.has(`${key}.codes`);
  }

  /** Stored matrices of one shape side by side, filled up with zeros. Loaded once, under the first one's name. Throws `out-of-memory`. */
  async filled(names: readonly string[], layout: Omit<FilledMatrix, 'elementBytes'>): Promise<GPUBuffer> {
    const [first = ''] = names;
    const { rows, columns } = layout;
    const count = rows.count * rows.stored * columns.count * columns.stored;
    for (const name of names) {
      const { shape, type, data } = this.#entry(name);
      if (elementCount(shape) !== count || type !== this.#entry(first).type || data.location !== this.#entry(first).data.location) throw this.#unlike(name);
    }
    const matrix = { ...layout, elementBytes: elementByteLength(this.#entry(first).type) };
    return await this.#load(first, filledBytes(matrix, names.length), filledPieces(names.map((name) => this.#entry(name).data.byteOffset), matrix));
  }

  /** Destroys the buffers and closes the files. */
  async dispose(): Promise<void> {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
    await this.closeFiles();
  }

  /** For when everything is loaded. */
  async closeFiles(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
    this.#files.clear();
  }

  /** A tensor whose first dimension are the outputs, with room for more of them. */
  async #padded(name: string, outputs: number): Promise<GPUBuffer> {
    const { data } = this.#entry(name);
    return await this.#load(name, data.byteLength / outputs * padded(outputs), densePieces(data.byteOffset, data.byteLength));
  }

  #unlike(key: string): LongtakeError {
    return new LongtakeError('model-invalid', `The weight "${key}" of the model has not the shape that it should have. Prepare it again.`, { key });
  }

  #entry(name: string): StoredEntry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new LongtakeError('model-invalid', `The model has no tensor "${name}". Prepare it again.`, { tensor: name });
    return entry;
  }

  async #load(name: string, byteLength: number, pieces: readonly WeightPiece[]): Promise<GPUBuffer> {
    const known = this.#buffers.get(name);
    if (known !== undefined) return known;
    const { location } = this.#entry(name).data;
    const file = this.#files.get(location) ?? await open(join(this.#directory, location), 'r');
    this.#files.set(location, file);
    throwIfCancelled(this.#signal);
    const buffer = await createStorage(this.#graphics, byteLength, 'weights');
    this.#buffers.set(name, buffer);
    // While a piece is handed to the device the next one is read.
    let reading = pieces[0]?.read(file, this.#staging[0]);
    for (const [index, piece] of pieces.entries()) {
      await reading;
      throwIfCancelled(this.#signal);
      reading = pieces[index + 1]?.read(file, this.#staging[(index + 1) % 2] as Uint8Array);
      reading?.catch(() => undefined); // thrown where it is awaited
      writeBytes(this.#graphics, buffer, piece.byteOffset, (this.#staging[index % 2] as Uint8Array<ArrayBuffer>).subarray(0, piece.byteLength));
    }
    this.#graphics.check();
    return buffer;
  }
}

function padded(outputs: number): number {
  return Math.ceil(outputs / alignment) * alignment;
}
