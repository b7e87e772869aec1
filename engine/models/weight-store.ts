import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { missingTensor } from '../checkpoint/checkpoint.ts';
import { requireFloat16 } from '../checkpoint/tensor-values.ts';
import { elementByteLength, elementCount } from '../graph/element-types.ts';
import { matMulNBits } from '../graph/fused-operators.ts';
import type { BlockQuantizedWeight } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { StoredTensor } from '../graph/onnx-messages.ts';
import { cast, elementwise, gemm } from '../graph/operators.ts';
import { quantizationBlockSize } from '../graph/quantization.ts';
import type { WeightFile } from '../graph/weight-file.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { ConversionThreads } from './conversion-threads.ts';
import { ConvertedWeights } from './converted-weights.ts';
import { inParts, productsSideBySide, sumOfProducts } from './cut-products.ts';
import { outputsOf, shareOf } from './linear-request.ts';
import type { LinearRequest } from './linear-request.ts';
import { reordered, transposed } from './matrix-layout.ts';
import type { StoredNumbers } from './matrix-layout.ts';
import type { WeightJournal } from './weight-journal.ts';

/** How a package keeps its weights. */
export type WeightFormat = 'float32' | 'float16' | 'int8' | 'int4';
/** What a graph computes in. */
export type ComputeType = 'float32' | 'float16';
/**
 * `fused` leaves attention to ONNX Runtime's operators, which never hold all scores. `plain` spells it out in matrix
 * products: for accelerators whose fused kernels compute wrongly (WebGPU with subgroups of four lanes, for one).
 */
export type AttentionKind = 'fused' | 'plain';

type Stored = { readonly data: StoredTensor; readonly shape: readonly number[] };

/** Tensors of more elements than this are converted and written piece by piece: 128 MiB of float32. */
const pieceElements = 32 * 1024 * 1024;

export type WeightStoreOptions = {
  /** Collects the names of all tensors read, over several stores, so that strays can be reported. */
  readonly used: Set<string>;
  /** Where large tensors are converted. */
  readonly threads: ConversionThreads;
  readonly signal?: AbortSignal | undefined;
  /** Lets an interrupted import go on. */
  readonly journal?: WeightJournal | undefined;
  /** Called after each tensor that was written. */
  readonly onStored?: (() => void) | undefined;
};

/**
 * Turns checkpoint tensors into external tensors of graphs. Each is read, checked, rearranged and written once,
 * however many graphs use it, and only one is in memory at a time, besides what is on its way to the disk.
 */
export class WeightStore {
  readonly format: WeightFormat;
  readonly #checkpoint: Checkpoint;
  readonly #file: WeightFile;
  readonly #options: WeightStoreOptions;
  readonly #stored = new Map<string, Stored>();
  readonly #converted: ConvertedWeights;
  /** Checkpoint tensors that were asked for since something was last stored. */
  #fresh: string[] = [];

  constructor(checkpoint: Checkpoint, file: WeightFile, format: WeightFormat, options: WeightStoreOptions) {
    this.#checkpoint = checkpoint;
    this.#file = file;
    this.format = format;
    this.#options = options;
    this.#converted = new ConvertedWeights(checkpoint, options.threads, options.signal);
    for (const { key, shape, data, tensors } of options.journal?.records ?? []) {
      this.#stored.set(key, { data, shape });
      for (const tensor of tensors) options.used.add(tensor);
    }
  }

  /** What tensors that are not quantised are kept in. */
  get storedType(): ComputeType {
    return this.format === 'float32' ? 'float32' : 'float16';
  }

  /** Throws `checkpoint-invalid` unless the tensor is there in exactly this shape. */
  require(name: string, shape: readonly number[]): void {
    const entry = this.#checkpoint.tensors.get(name);
    if (entry === undefined) throw missingTensor(this.#checkpoint.directory, name);
    if (entry.shape.length !== shape.length || entry.shape.some((size, axis) => size !== shape[axis])) {
      throw new LongtakeError('checkpoint-invalid',
        `Tensor "${name}" has the shape [${entry.shape.join(', ')}]; this architecture needs [${shape.join(', ')}].`,
        { tensor: name, expected: shape, found: entry.shape });
    }
    this.#options.used.add(name);
    this.#fresh.push(name);
  }

  /** One checkpoint tensor as float32, after checking its shape. */
  async read(name: string, shape: readonly number[]): Promise<Float32Array<ArrayBuffer>> {
    this.require(name, shape);
    throwIfCancelled(this.#options.signal);
    return await this.#checkpoint.read(name);
  }

  /** One row of a matrix, as float32: a token's embedding. */
  async row(name: string, [rows, width]: readonly [number, number], index: number): Promise<Float32Array<ArrayBuffer>> {
    this.require(name, [rows, width]);
    return await this.#checkpoint.readRange(name, index * width, (index + 1) * width);
  }

  /** A tensor that is used as it is: a norm's scale, a bias, an embedding table. */
  async tensor(graph: GraphBuilder, compute: ComputeType, name: string, shape: readonly number[]): Promise<Value> {
    const { data } = await this.table(name, shape);
    return cast(graph, graph.stored(name, this.storedType, shape, data), compute);
  }

  /** Stores a tensor as it is, piece by piece, and says where: embedding tables reach gigabytes. */
  async table(name: string, shape: readonly number[]): Promise<{ readonly data: StoredTensor; readonly type: ComputeType }> {
    const type = this.storedType;
    const stored = await this.#keep(name, shape, async () => {
      this.require(name, shape);
      const count = elementCount(shape);
      return await this.#file.appendParts(count * elementByteLength(type), this.#pieces(name, count, type));
    });
    return { data: stored.data, type };
  }

  #read(name: string, start: number, end: number, type: ComputeType): Promise<StoredNumbers> {
    return type === 'float32' ? this.#checkpoint.readRange(name, start, end) : this.#checkpoint.readHalves(name, start, end);
  }

  async *#pieces(name: string, count: number, type: ComputeType): AsyncGenerator<Uint8Array> {
    const halfType = type === 'float16' ? this.#converted.halfType([name]) : undefined;
    if (halfType !== undefined) {
      yield* this.#converted.halves(name, count, halfType);
      return;
    }
    for (let start = 0; start < count; start += pieceElements) {
      throwIfCancelled(this.#options.signal);
      yield bytesOf(await this.#read(name, start, Math.min(start + pieceElements, count), type));
    }
  }

  /** A tensor that `produce` computes the first time it is asked for. */
  async derived(
    graph: GraphBuilder, compute: ComputeType, key: string, shape: readonly number[],
    produce: () => Promise<Float32Array>,
  ): Promise<Value> {
    const type = this.storedType;
    const stored = await this.#keep(key, shape, async () => await this.#file.append(floatBytes(key, type, await produce())));
    return cast(graph, graph.stored(key, type, stored.shape, stored.data), compute);
  }

  /** `input · weightᵀ + bias`; input [rows, inputs], the result [rows, outputs]. */
  async linear(graph: GraphBuilder, compute: ComputeType, input: Value, request: LinearRequest): Promise<Value> {
    const outputs = outputsOf(request);
    const biased = request.parts.some((part) => part.bias !== undefined);
    const bias = biased
      ? await this.derived(graph, compute, `${request.key}.bias`, [outputs], () => this.#bias(request, outputs))
      : undefined;
    if (this.quantizes(request)) return matMulNBits(graph, input, await this.quantized(graph, compute, request), bias);
    const { outputParts = 1, inputParts = 1 } = request;
    const weight = await this.weight(graph, compute, request);
    if (outputParts === 1 && inputParts === 1) return gemm(graph, input, weight, bias);
    const product = inputParts > 1 ? sumOfProducts(graph, inParts(graph, input, inputParts), weight) : productsSideBySide(graph, input, weight);
    return bias === undefined ? product : elementwise(graph, 'Add', product, bias);
  }

  /** The weight of a linear layer that is not quantised, as its product takes it: [inputs, outputs], or cut. */
  async weight(graph: GraphBuilder, compute: ComputeType, request: LinearRequest): Promise<Value> {
    const { outputParts = 1, inputParts = 1, inputs } = request;
    const outputs = outputsOf(request);
    const key = `${request.key}.weight`;
    const type = this.storedType;
    const shape = outputParts > 1 ? [outputParts, inputs, outputs / outputParts] : [inputs, outputs];
    const { data } = await this.#keep(key, shape, async () => {
      for (const { weight, tensorRows } of request.parts) this.require(weight, [tensorRows, inputs]);
      return await this.#file.appendParts(elementCount(shape) * elementByteLength(type), this.#transposedParts(request, outputs, outputParts));
    });
    return cast(graph, graph.stored(key, type, inputParts > 1 ? [inputParts, inputs / inputParts, outputs] : shape, data), compute);
  }

  /** The weight [inputs, outputs], or so many outputs at a time. */
  async *#transposedParts(request: LinearRequest, outputs: number, parts: number): AsyncGenerator<Uint8Array> {
    const { inputs } = request;
    const type = this.storedType;
    const numbers = (count: number): StoredNumbers => type === 'float32' ? new Float32Array(count) : new Uint16Array(count);
    const rows = outputs / parts;
    for (let part = 0; part < parts; part += 1) {
      const piece = parts === 1 ? request : shareOf(request, part, parts);
      throwIfCancelled(this.#options.signal);
      const halfType = type === 'float16' ? this.#converted.halfType(piece.parts.map(({ weight }) => weight)) : undefined;
      yield halfType === undefined
        ? bytesOf(transposed(await this.#matrix(piece, rows, numbers(rows * inputs)), rows, inputs))
        : await this.#converted.transposed(piece, rows, halfType);
    }
  }

  /** Whether this format keeps the weight of a layer in blocks. */
  quantizes(request: LinearRequest): boolean {
    return quantizedBits(this.format, request.quantize) !== undefined;
  }

  /** The weight of a layer that this format keeps in blocks; its biases are left out. */
  async quantized(graph: GraphBuilder, compute: ComputeType, request: LinearRequest): Promise<BlockQuantizedWeight> {
    const bits = quantizedBits(this.format, request.quantize);
    if (bits === undefined) throw new LongtakeError('internal', `${request.key} is not quantised.`);
    const outputs = outputsOf(request);
    const blocks = Math.ceil(request.inputs / quantizationBlockSize);
    const codesKey = `${request.key}.codes`;
    const scalesKey = `${request.key}.scales`;
    const codesShape = [outputs, blocks, quantizationBlockSize * bits / 8];
    const scales = new Float32Array(new SharedArrayBuffer(4 * outputs * blocks));
    const codes = await this.#keep(codesKey, codesShape, async () => {
      for (const { weight, tensorRows } of request.parts) this.require(weight, [tensorRows, request.inputs]);
      return await this.#file.appendParts(elementCount(codesShape), this.#converted.blocks(request, outputs, bits, scales));
    });
    const scalesValue = await this.derived(graph, compute, scalesKey, [outputs * blocks], () => Promise.resolve(scales));
    return {
      codes: graph.stored(codesKey, 'uint8', codes.shape, codes.data),
      scales: scalesValue,
      bits, blockSize: quantizationBlockSize, activations: 'int8', inputs: request.inputs, outputs,
    };
  }

  /** The joined, reordered weight [outputs, inputs], in an array of its size. */
  async #matrix<Numbers extends StoredNumbers>(request: LinearRequest, outputs: number, joined: Numbers): Promise<Numbers> {
    const { inputs } = request;
    const type = joined instanceof Float32Array ? 'float32' : 'float16';
    let row = 0;
    for (const part of request.parts) {
      this.require(part.weight, [part.tensorRows, inputs]);
      throwIfCancelled(this.#options.signal);
      const start = part.rowStart ?? 0;
      const rows = part.rows ?? part.tensorRows;
      joined.set(await this.#read(part.weight, start * inputs, (start + rows) * inputs, type), row * inputs);
      row += rows;
    }
    return reordered(joined, outputs, inputs, request.rowOrder, request.columnOrder);
  }

  async #bias(request: LinearRequest, outputs: number): Promise<Float32Array<ArrayBuffer>> {
    const joined = new Float32Array(outputs);
    let row = 0;
    for (const part of request.parts) {
      const rows = part.rows ?? part.tensorRows;
      if (part.bias !== undefined) {
        const start = part.rowStart ?? 0;
        joined.set((await this.read(part.bias, [part.tensorRows])).subarray(start, start + rows), row);
      }
      row += rows;
    }
    return reordered(joined, outputs, 1, request.rowOrder, undefined);
  }

  async #keep(key: string, shape: readonly number[], write: () => Promise<StoredTensor>): Promise<Stored> {
    const known = this.#stored.get(key);
    if (known !== undefined) return known;
    this.#fresh = [];
    const stored = { data: await write(), shape };
    this.#stored.set(key, stored);
    await this.#options.journal?.add({ key, shape: [...shape], data: stored.data, tensors: this.#fresh }, this.#file);
    this.#options.onStored?.();
    return stored;
  }
}

function quantizedBits(format: WeightFormat, quantize: LinearRequest['quantize']): 4 | 8 | undefined {
  if (quantize === 'never' || format === 'float32' || format === 'float16') return undefined;
  return format === 'int4' && quantize === 'format' ? 4 : 8;
}

/** Little-endian bytes in the stored type; throws where a value does not fit float16. */
export function floatBytes(name: string, type: ComputeType, values: Float32Array): Uint8Array {
  if (type === 'float32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  requireFloat16(name, values);
  return new Uint8Array(new Float16Array(values).buffer);
}

function bytesOf(values: StoredNumbers): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
