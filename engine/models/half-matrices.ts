import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { float16Table, notAFloat16, toFloat16Bits } from '../checkpoint/tensor-values.ts';
import type { LinearRequest } from './linear-request.ts';
import { reordered, squareSide, squareStride } from './matrix-layout.ts';

/** Numbers that are read together. */
const pieceElements = 32 << 20;

/**
 * Weights of linear layers on their way from a checkpoint in 16 bits to float16, where most of an import's time goes:
 * they are read into one buffer and converted while they are transposed into another. Two of those take turns, because
 * one may still be on its way to the disk.
 */
export class HalfMatrices {
  readonly #checkpoint: Checkpoint;
  readonly #mostElements: number;
  #joined = new Uint16Array(0);
  #turns: [Uint16Array<ArrayBuffer>, Uint16Array<ArrayBuffer>] = [new Uint16Array(0), new Uint16Array(0)];
  readonly #from = new Uint16Array(squareSide * squareStride);
  readonly #to = new Uint16Array(squareSide * squareStride);

  constructor(checkpoint: Checkpoint, mostElements = pieceElements) {
    this.#checkpoint = checkpoint;
    this.#mostElements = mostElements;
  }

  /**
   * [inputs, outputs] as the bits of float16, until the second next call; undefined where the checkpoint keeps a part in
   * another type. Throws `checkpoint-invalid` for what is not finite or too large.
   */
  async transposed({ parts, inputs, rowOrder, columnOrder }: LinearRequest, outputs: number): Promise<Uint16Array<ArrayBuffer> | undefined> {
    const type = this.#checkpoint.tensors.get(parts[0]?.weight ?? '')?.type;
    if ((type !== 'BF16' && type !== 'F16') || parts.some(({ weight }) => this.#checkpoint.tensors.get(weight)?.type !== type)) return undefined;
    const count = outputs * inputs;
    this.#turns = [this.#turns[1], this.#turns[0].length < count ? new Uint16Array(count) : this.#turns[0]];
    const result = this.#turns[1].subarray(0, count);
    const table = float16Table(type);
    // Rows that keep their places go over some at a time: of a large vocabulary's output layer, what is read would be another gigabyte.
    const mostRows = rowOrder === undefined && columnOrder === undefined ? Math.max(squareSide, Math.floor(this.#mostElements / inputs)) : outputs;
    let isWhole = true;
    for (let row = 0; row < outputs && isWhole; row += mostRows) {
      const rows = Math.min(mostRows, outputs - row);
      const joined = reordered(await this.#read(parts, inputs, row, rows), rows, inputs, rowOrder, columnOrder);
      isWhole = this.#transpose(joined, rows, inputs, table, result, row, outputs);
    }
    if (!isWhole) {
      for (const { weight, tensorRows } of parts) toFloat16Bits(weight, type, await this.#checkpoint.readBytes(weight, 0, tensorRows * inputs)); // names it
    }
    return result;
  }

  /** Rows `first` to `first + count` of all parts behind each other, until the next call. */
  async #read(parts: LinearRequest['parts'], inputs: number, first: number, count: number): Promise<Uint16Array<ArrayBuffer>> {
    if (this.#joined.length < count * inputs) this.#joined = new Uint16Array(count * inputs);
    let before = 0;
    for (const { weight, rowStart = 0, tensorRows, rows = tensorRows } of parts) {
      const [from, to] = [Math.max(first, before), Math.min(first + count, before + rows)];
      if (from < to) {
        const start = rowStart + from - before;
        await this.#checkpoint.readInto(weight, start * inputs, (start + to - from) * inputs, new Uint8Array(this.#joined.buffer, 2 * (from - first) * inputs, 2 * (to - from) * inputs));
      }
      before += rows;
    }
    return this.#joined.subarray(0, count * inputs);
  }

  /** As `transposed` of matrix-layout.ts, through a table, of rows that are to be columns `first` and up of `result` [columns, allRows]; false where the table has no number. */
  #transpose(values: Uint16Array, rows: number, columns: number, table: Uint16Array, result: Uint16Array, first: number, allRows: number): boolean {
    for (let rowStart = 0; rowStart < rows; rowStart += squareSide) {
      const height = Math.min(squareSide, rows - rowStart);
      for (let columnStart = 0; columnStart < columns; columnStart += squareSide) {
        const width = Math.min(squareSide, columns - columnStart);
        for (let row = 0; row < height; row += 1) {
          const start = (rowStart + row) * columns + columnStart;
          this.#from.set(values.subarray(start, start + width), row * squareStride);
        }
        if (!convertSquare(this.#from, this.#to, height, width, table)) return false;
        for (let column = 0; column < width; column += 1) {
          result.set(this.#to.subarray(column * squareStride, column * squareStride + height), (columnStart + column) * allRows + first + rowStart);
        }
      }
    }
    return true;
  }
}

function convertSquare(from: Uint16Array, to: Uint16Array, height: number, width: number, table: Uint16Array): boolean {
  for (let column = 0; column < width; column += 1) {
    for (let row = 0; row < height; row += 1) {
      const bits = table[from[row * squareStride + column] as number] as number;
      if (bits === notAFloat16) return false;
      to[column * squareStride + row] = bits;
    }
  }
  return true;
}
