import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { missingTensor } from '../checkpoint/checkpoint.ts';
import { elementByteLength, elementCount } from '../graph/element-types.ts';
import { matMulNBits } from '../graph/fused-operators.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { StoredTensor } from '../graph/onnx-messages.ts';
import { cast, gemm } from '../graph/operators.ts';
import { quantizationBlockSize, quantizeBlocks } from '../graph/quantization.ts';
import type { WeightFile } from '../graph/weight-file.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';

/** How a package keeps its weights. */
export type WeightFormat = 'float32' | 'float16' | 'int8' | 'int4';
/** What a graph computes in. */
export type ComputeType = 'float32' | 'float16';
/**
 * `fused` leaves attention to ONNX Runtime's operators, which never hold all scores. `plain` spells it out in matrix
 * products: for accelerators whose fused kernels compute wrongly (WebGPU with subgroups of four lanes, for one).
 */
export type AttentionKind = 'fused' | 'plain';

/** Rows of one checkpoint matrix [tensorRows, inputs] that become output channels of a linear layer. */
export type LinearPart = {
  readonly weight: string;
  readonly bias?: string;
  readonly tensorRows: number;
  readonly rowStart?: number;
  readonly rows?: number;
};

export type LinearRequest = {
  /** Names the stored tensors of this layer; unique in the store. */
  readonly key: string;
  readonly parts: readonly LinearPart[];
  readonly inputs: number;
  /** Output channel i is row `rowOrder[i]` of the joined parts. */
  readonly rowOrder?: Int32Array;
  /** Input channel i is column `columnOrder[i]`. */
  readonly columnOrder?: Int32Array;
  /**
   * What int8 and int4 packages do with this layer: `never` for small and sensitive ones, `eight` for those whose error
   * is not averaged out (MemAug's sharp attention, the output layer), `format` for the bulk.
   */
  readonly quantize: 'never' | 'eight' | 'format';
};

type Stored = { readonly data: StoredTensor; readonly shape: readonly number[] };

const largestFloat16 = 65_504;
/** Tensors of more elements than this are converted and written piece by piece: 256 MiB of float32. */
const pieceElements = 64 * 1024 * 1024;

/**
 * Turns checkpoint tensors into external tensors of graphs. Each is read, checked, rearranged and written once,
 * however many graphs use it, and only one is in memory at a time.
 */
export class WeightStore {
  readonly format: WeightFormat;
  readonly #checkpoint: Checkpoint;
  readonly #file: WeightFile;
  readonly #used: Set<string>;
  readonly #signal: AbortSignal | undefined;
  readonly #stored = new Map<string, Stored>();

  /** `used` collects the names of all tensors read, over several stores, so that strays can be reported. */
  constructor(checkpoint: Checkpoint, file: WeightFile, format: WeightFormat, used: Set<string>, signal?: AbortSignal) {
    this.#checkpoint = checkpoint;
    this.#file = file;
    this.format = format;
    this.#used = used;
    this.#signal = signal;
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
    this.#used.add(name);
  }

  /** One checkpoint tensor as float32, after checking its shape. */
  async read(name: string, shape: readonly number[]): Promise<Float32Array<ArrayBuffer>> {
    this.require(name, shape);
    throwIfCancelled(this.#signal);
    return await this.#checkpoint.read(name);
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

  async *#pieces(name: string, count: number, type: ComputeType): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < count; start += pieceElements) {
      throwIfCancelled(this.#signal);
      yield floatBytes(name, type, await this.#checkpoint.readRange(name, start, Math.min(start + pieceElements, count)));
    }
  }

  /** A tensor that `produce` computes the first time it is asked for. */
  async derived(
    graph: GraphBuilder, compute: ComputeType, key: string, shape: readonly number[],
    produce: () => Promise<Float32Array<ArrayBuffer>>,
  ): Promise<Value> {
    const type = this.storedType;
    const stored = await this.#keep(key, shape, async () => await this.#file.append(floatBytes(key, type, await produce())));
    return cast(graph, graph.stored(key, type, stored.shape, stored.data), compute);
  }

  /** `input · weightᵀ + bias`; input [rows, inputs], the result [rows, outputs]. */
  async linear(graph: GraphBuilder, compute: ComputeType, input: Value, request: LinearRequest): Promise<Value> {
    const outputs = request.parts.reduce((sum, part) => sum + (part.rows ?? part.tensorRows), 0);
    const biased = request.parts.some((part) => part.bias !== undefined);
    const bias = biased
      ? await this.derived(graph, compute, `${request.key}.bias`, [outputs], () => this.#bias(request, outputs))
      : undefined;
    const bits = quantizedBits(this.format, request.quantize);
    if (bits !== undefined) return await this.#quantizedLinear(graph, compute, input, request, outputs, bits, bias);
    const weight = await this.derived(graph, compute, `${request.key}.weight`, [request.inputs, outputs],
      async () => transposed(await this.#matrix(request, outputs), outputs, request.inputs));
    return gemm(graph, input, weight, bias);
  }

  async #quantizedLinear(
    graph: GraphBuilder, compute: ComputeType, input: Value, request: LinearRequest, outputs: number,
    bits: 4 | 8, bias: Value | undefined,
  ): Promise<Value> {
    const blocks = Math.ceil(request.inputs / quantizationBlockSize);
    const codesKey = `${request.key}.codes`;
    const scalesKey = `${request.key}.scales`;
    const codesShape = [outputs, blocks, quantizationBlockSize * bits / 8];
    const scales = new Float32Array(outputs * blocks);
    const codes = await this.#keep(codesKey, codesShape,
      async () => await this.#file.appendParts(elementCount(codesShape), this.#quantizedPieces(request, outputs, bits, scales)));
    const scalesValue = await this.derived(graph, compute, scalesKey, [outputs * blocks], () => Promise.resolve(scales));
    return matMulNBits(graph, input, {
      codes: graph.stored(codesKey, 'uint8', codes.shape, codes.data),
      scales: scalesValue,
      bits, blockSize: quantizationBlockSize, activations: 'int8', inputs: request.inputs, outputs,
    }, bias);
  }

  /** Codes of a weight, in pieces of rows where it needs no reordering; fills `scales` on the way. */
  async *#quantizedPieces(
    request: LinearRequest, outputs: number, bits: 4 | 8, scales: Float32Array<ArrayBuffer>,
  ): AsyncGenerator<Uint8Array> {
    const { inputs } = request;
    const [only] = request.parts;
    const whole = request.parts.length > 1 || request.rowOrder !== undefined || request.columnOrder !== undefined;
    const step = whole || only === undefined ? outputs : Math.max(1, Math.floor(pieceElements / inputs));
    for (let row = 0; row < outputs; row += step) {
      const rows = Math.min(step, outputs - row);
      const piece = step === outputs || only === undefined ? request
        : { ...request, parts: [{ ...only, rowStart: (only.rowStart ?? 0) + row, rows }] };
      const matrix = quantizeBlocks(await this.#matrix(piece, rows), rows, inputs, bits);
      scales.set(matrix.scales, row * matrix.blocks);
      yield matrix.codes;
    }
  }

  /** The joined, reordered weight [outputs, inputs]. */
  async #matrix(request: LinearRequest, outputs: number): Promise<Float32Array<ArrayBuffer>> {
    const { inputs } = request;
    const joined = new Float32Array(outputs * inputs);
    let row = 0;
    for (const part of request.parts) {
      this.require(part.weight, [part.tensorRows, inputs]);
      throwIfCancelled(this.#signal);
      const start = part.rowStart ?? 0;
      const rows = part.rows ?? part.tensorRows;
      joined.set(await this.#checkpoint.readRange(part.weight, start * inputs, (start + rows) * inputs), row * inputs);
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
    const stored = { data: await write(), shape };
    this.#stored.set(key, stored);
    return stored;
  }
}

function quantizedBits(format: WeightFormat, quantize: LinearRequest['quantize']): 4 | 8 | undefined {
  if (quantize === 'never' || format === 'float32' || format === 'float16') return undefined;
  return format === 'int4' && quantize === 'format' ? 4 : 8;
}

/** Little-endian bytes in the stored type; throws where a value does not fit float16. */
export function floatBytes(name: string, type: ComputeType, values: Float32Array<ArrayBuffer>): Uint8Array {
  if (type === 'float32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (const value of values) {
    if (Math.abs(value) <= largestFloat16) continue;
    throw new LongtakeError('checkpoint-invalid',
      `Tensor "${name}" holds ${String(value)}, which float16 cannot: prepare this model with float32 weights.`, { tensor: name });
  }
  return new Uint8Array(new Float16Array(values).buffer);
}

function reordered(
  values: Float32Array<ArrayBuffer>, rows: number, columns: number,
  rowOrder: Int32Array | undefined, columnOrder: Int32Array | undefined,
): Float32Array<ArrayBuffer> {
  if (rowOrder === undefined && columnOrder === undefined) return values;
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    const source = (rowOrder?.[row] ?? row) * columns;
    if (columnOrder === undefined) {
      result.set(values.subarray(source, source + columns), row * columns);
      continue;
    }
    for (let column = 0; column < columns; column += 1) {
      result[row * columns + column] = values[source + (columnOrder[column] as number)] as number;
    }
  }
  return result;
}

/** [rows, columns] to [columns, rows], in squares that stay in the cache. */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const square = 64;
  const result = new Float32Array(values.length);
  for (let rowStart = 0; rowStart < rows; rowStart += square) {
    const rowEnd = Math.min(rowStart + square, rows);
    for (let columnStart = 0; columnStart < columns; columnStart += square) {
      const columnEnd = Math.min(columnStart + square, columns);
      for (let row = rowStart; row < rowEnd; row += 1) {
        for (let column = columnStart; column < columnEnd; column += 1) {
          result[column * rows + row] = values[row * columns + column] as number;
        }
      }
    }
  }
  return result;
}
