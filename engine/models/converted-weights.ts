import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { TensorPlace, TensorType } from '../checkpoint/safetensors.ts';
import { quantizationBlockSize } from '../graph/quantization.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { ConversionThreads } from './conversion-threads.ts';
import type { HalfType } from './conversions.ts';
import { rowPieces } from './linear-request.ts';
import type { LinearRequest } from './linear-request.ts';
import { squareSide } from './matrix-layout.ts';

/** Numbers that a thread takes at once: what it reads and writes then stays in a processor's cache, or nearly. */
const pieceElements = 2 << 20;

/**
 * Weights on their way from a checkpoint to a package, converted piece by piece in threads (conversions.ts), with a bounded
 * number of pieces in memory. What is returned may be on its way to the disk while the next is converted, so results take turns.
 */
export class ConvertedWeights {
  readonly #checkpoint: Checkpoint;
  readonly #threads: ConversionThreads;
  readonly #signal: AbortSignal | undefined;
  readonly #mostElements: number;
  #matrices: [SharedArrayBuffer, SharedArrayBuffer] = [new SharedArrayBuffer(0), new SharedArrayBuffer(0)];
  readonly #pieces: SharedArrayBuffer[];
  #turn = 0;

  constructor(checkpoint: Checkpoint, threads: ConversionThreads, signal?: AbortSignal, mostElements = pieceElements) {
    this.#checkpoint = checkpoint;
    this.#threads = threads;
    this.#signal = signal;
    this.#mostElements = mostElements;
    // Those that are converted, and one that is written.
    this.#pieces = Array.from({ length: threads.ahead + 1 }, () => new SharedArrayBuffer(0));
  }

  /** The type of all parts where it is one of 16 bits. */
  halfType(names: readonly string[]): HalfType | undefined {
    const type = this.#typeOf(names);
    return type === 'BF16' || type === 'F16' ? type : undefined;
  }

  /**
   * A layer's weight [inputs, outputs] as the bits of float16, until the second next call. Throws `checkpoint-invalid`
   * for what is not finite or too large.
   */
  async transposed({ parts, inputs, rowOrder, columnOrder }: LinearRequest, outputs: number, type: HalfType): Promise<Uint8Array> {
    const count = outputs * inputs;
    const [last, free] = this.#matrices;
    const buffer = free.byteLength < 2 * count ? new SharedArrayBuffer(2 * count) : free;
    this.#matrices = [buffer, last];
    const target = new Uint16Array(buffer, 0, count);
    const squares = Math.max(1, Math.floor(this.#mostElements / inputs / squareSide));
    const mostRows = rowOrder === undefined && columnOrder === undefined ? squares * squareSide : outputs;
    const pieces = Array.from({ length: Math.ceil(outputs / mostRows) }, (_, index) => index * mostRows);
    const converted = await Promise.all(pieces.map((first) => {
      const rows = Math.min(mostRows, outputs - first);
      const matrix = { rows, columns: inputs, rowOrder, columnOrder };
      return this.#threads.convert({ kind: 'transposed', type, sources: this.#rows(parts, inputs, first, rows), matrix, target, first, allRows: outputs });
    }));
    if (!converted.every((isWhole) => isWhole)) {
      for (const { weight, tensorRows } of parts) await this.#checkpoint.readHalves(weight, 0, tensorRows * inputs);
      throw changed(parts[0]?.weight);
    }
    return new Uint8Array(buffer, 0, 2 * count);
  }

  /** A tensor of `count` numbers as the bits of float16, in pieces. Errors as above. */
  async *halves(name: string, count: number, type: HalfType): AsyncGenerator<Uint8Array> {
    const starts = Array.from({ length: Math.ceil(count / this.#mostElements) }, (_, index) => index * this.#mostElements);
    yield* this.#inOrder(starts, async (start) => {
      const end = Math.min(start + this.#mostElements, count);
      const buffer = this.#buffer(2 * (end - start));
      const target = new Uint16Array(buffer, 0, end - start);
      if (!await this.#threads.convert({ kind: 'halves', type, sources: [this.#checkpoint.place(name, start, end)], target })) {
        await this.#checkpoint.readHalves(name, 0, end);
        throw changed(name);
      }
      return new Uint8Array(buffer, 0, 2 * (end - start));
    });
  }

  /**
   * A layer's weight in blocks: the codes in pieces, on the way `scales` [outputs, blocks] are filled. Throws
   * `checkpoint-invalid` for what is not finite, and `checkpoint-unsupported` where rows of several types change places.
   */
  async *blocks(request: LinearRequest, outputs: number, bits: 4 | 8, scales: Float32Array<SharedArrayBuffer>): AsyncGenerator<Uint8Array> {
    const { inputs } = request;
    const blocks = Math.ceil(inputs / quantizationBlockSize);
    let before = 0;
    const pieces = rowPieces(request, outputs, Math.max(1, Math.floor(this.#mostElements / inputs))).map(({ piece, rows }) => {
      before += rows;
      return { ...piece, rows, first: before - rows };
    });
    yield* this.#inOrder(pieces, async ({ parts, rows, first, rowOrder, columnOrder }) => {
      const names = parts.map(({ weight }) => weight);
      const type = this.#typeOf(names);
      if (type === undefined) throw new LongtakeError('checkpoint-unsupported', `Tensors "${names.join('", "')}" are of different types; they are joined and must be of one.`, { tensors: names });
      const codes = new Uint8Array(this.#buffer(rows * blocks * quantizationBlockSize * bits / 8), 0, rows * blocks * quantizationBlockSize * bits / 8);
      const matrix = { rows, columns: inputs, rowOrder, columnOrder };
      const isWhole = await this.#threads.convert({ kind: 'blocks', type, sources: this.#rows(parts, inputs, 0, rows), matrix, bits, codes, scales: scales.subarray(first * blocks, (first + rows) * blocks) });
      if (!isWhole) {
        for (const { weight, tensorRows } of parts) await this.#checkpoint.readRange(weight, 0, tensorRows * inputs);
        throw changed(names[0]);
      }
      return codes;
    });
  }

  /** What `convert` makes of each piece, in order; some are under way while one is waited for. */
  async *#inOrder<Piece>(pieces: readonly Piece[], convert: (piece: Piece) => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
    const underWay: Promise<Uint8Array>[] = [];
    for (const piece of pieces) {
      throwIfCancelled(this.#signal);
      const converted = convert(piece);
      converted.catch(() => undefined); // thrown where it is waited for
      underWay.push(converted);
      const first = underWay.length === this.#threads.ahead ? underWay.shift() : undefined;
      if (first !== undefined) yield await first;
    }
    for (const converted of underWay) yield await converted;
  }

  /** Memory for the next piece: of the pieces before it, `ahead` may be in use. */
  #buffer(byteLength: number): SharedArrayBuffer {
    this.#turn = (this.#turn + 1) % this.#pieces.length;
    let buffer = this.#pieces[this.#turn] as SharedArrayBuffer;
    if (buffer.byteLength < byteLength) this.#pieces[this.#turn] = buffer = new SharedArrayBuffer(byteLength);
    return buffer;
  }

  /** Rows `first` to `first + count` of all parts behind each other. */
  #rows(parts: LinearRequest['parts'], inputs: number, first: number, count: number): TensorPlace[] {
    const places: TensorPlace[] = [];
    let before = 0;
    for (const { weight, rowStart = 0, tensorRows, rows = tensorRows } of parts) {
      const [from, to] = [Math.max(first, before), Math.min(first + count, before + rows)];
      const start = rowStart + from - before;
      if (from < to) places.push(this.#checkpoint.place(weight, start * inputs, (start + to - from) * inputs));
      before += rows;
    }
    return places;
  }

  #typeOf(names: readonly string[]): TensorType | undefined {
    const types = new Set(names.map((name) => this.#checkpoint.tensors.get(name)?.type));
    return types.size === 1 ? [...types][0] : undefined;
  }
}

function changed(tensor: string | undefined): LongtakeError {
  return new LongtakeError('file-changed', `Tensor "${tensor ?? ''}" changed while it was read.`, { tensor });
}
