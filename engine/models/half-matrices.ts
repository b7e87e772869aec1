import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { float16Table, notAFloat16, toFloat16Bits } from '../checkpoint/tensor-values.ts';
import type { LinearRequest } from './linear-request.ts';
import { reordered, squareSide, squareStride } from './matrix-layout.ts';

/**
 * Weights of linear layers on their way from a checkpoint in 16 bits to float16, where most of an import's time goes:
 * they are read into one buffer and converted while they are transposed into another. Two of those take turns, because
 * one may still be on its way to the disk.
 */
export class HalfMatrices {
  readonly #checkpoint: Checkpoint;
  #joined = new Uint16Array(0);
  #turns: [Uint16Array<ArrayBuffer>, Uint16Array<ArrayBuffer>] = [new Uint16Array(0), new Uint16Array(0)];
  readonly #from = new Uint16Array(squareSide * squareStride);
  readonly #to = new Uint16Array(squareSide * squareStride);

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  /**
   * [inputs, outputs] as the bits of float16, until the second next call; undefined where the checkpoint keeps a part in
   * another type. Throws `checkpoint-invalid` for what is not finite or too large.
   */
  async transposed({ parts, inputs, rowOrder, columnOrder }: LinearRequest, outputs: number): Promise<Uint16Array<ArrayBuffer> | undefined> {
    const type = this.#checkpoint.tensors.get(parts[0]?.weight ?? '')?.type;
    if ((type !== 'BF16' && type !== 'F16') || parts.some(({ weight }) => this.#checkpoint.tensors.get(weight)?.type !== type)) return undefined;
    const count = outputs * inputs;
    if (this.#joined.length < count) this.#joined = new Uint16Array(count);
    let row = 0;
    for (const part of parts) {
      const start = part.rowStart ?? 0;
      const rows = part.rows ?? part.tensorRows;
      await this.#checkpoint.readInto(part.weight, start * inputs, (start + rows) * inputs, new Uint8Array(this.#joined.buffer, 2 * row * inputs, 2 * rows * inputs));
      row += rows;
    }
    const joined = reordered(this.#joined.subarray(0, count), outputs, inputs, rowOrder, columnOrder);
    this.#turns = [this.#turns[1], this.#turns[0].length < count ? new Uint16Array(count) : this.#turns[0]];
    const result = this.#turns[1].subarray(0, count);
    if (!this.#transpose(joined, outputs, inputs, float16Table(type), result)) {
      for (const { weight, tensorRows } of parts) toFloat16Bits(weight, type, await this.#checkpoint.readBytes(weight, 0, tensorRows * inputs)); // names it
    }
    return result;
  }

  /** As `transposed` of matrix-layout.ts, through a table; false where that has no number. */
  #transpose(values: Uint16Array, rows: number, columns: number, table: Uint16Array, result: Uint16Array): boolean {
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
          result.set(this.#to.subarray(column * squareStride, column * squareStride + height), (columnStart + column) * rows + rowStart);
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
