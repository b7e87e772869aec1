import { closeSync, openSync, readSync } from 'node:fs';
import type { TensorPlace, TensorType } from '../checkpoint/safetensors.ts';
import { areFinite, float16Table, notAFloat16, toFloat32, widenBfloat16 } from '../checkpoint/tensor-values.ts';
import { quantizeBlocks } from '../graph/quantization.ts';
import { HalfKernel } from './half-kernel.ts';
import { reordered, squareStride, transposeInto } from './matrix-layout.ts';
import type { StoredNumbers } from './matrix-layout.ts';

/** What is read and turned into numbers of a package, in whichever thread. Results lie in memory that threads share. */
export type Conversion = { readonly sources: readonly TensorPlace[] } & (
  /** Numbers of 16 bits to `target` [count], as the bits of float16. */
  | { readonly kind: 'halves'; readonly type: HalfType; readonly target: Uint16Array<SharedArrayBuffer> }
  /** Rows [rows, columns] to columns `first` and up of `target` [columns, allRows], as the bits of float16. */
  | { readonly kind: 'transposed'; readonly type: HalfType; readonly matrix: MatrixPiece; readonly target: Uint16Array<SharedArrayBuffer>; readonly first: number; readonly allRows: number }
  /** Rows to blocks of codes and scales (quantization.ts). */
  | { readonly kind: 'blocks'; readonly type: TensorType; readonly matrix: MatrixPiece; readonly bits: 4 | 8; readonly codes: Uint8Array<SharedArrayBuffer>; readonly scales: Float32Array<SharedArrayBuffer> }
);

export type HalfType = 'BF16' | 'F16';

/** Rows that lie behind each other in the sources, and the order in which they and their columns are taken. */
export type MatrixPiece = { readonly rows: number; readonly columns: number; readonly rowOrder?: Int32Array | undefined; readonly columnOrder?: Int32Array | undefined };

/** Bytes that a conversion reads. */
export function bytesRead({ sources }: Conversion): number {
  return sources.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Converts; false where a value is not finite, or does not fit float16. Reading waits. */
export function convert(conversion: Conversion): boolean {
  const bytes = readSources(conversion);
  switch (conversion.kind) {
    case 'halves': {
      const { type, target } = conversion;
      if (type !== 'BF16' || target.length % 8 !== 0) return convertRun(halves(bytes), target, float16Table(type));
      if (!ownKernel().convert(target.length)) return false;
      target.set(halves(bytes));
      return true;
    }
    case 'transposed': {
      const { type, matrix: { rows, columns, rowOrder, columnOrder }, target, first, allRows } = conversion;
      const values = reordered(halves(bytes), rows, columns, rowOrder, columnOrder);
      if (type !== 'BF16' || rows % 8 !== 0 || columns % 8 !== 0) {
        const table = float16Table(type);
        return transposeInto(values, rows, columns, { target, first, allRows }, (from, to, height, width) => convertSquare(from, to, height, width, table));
      }
      return transposeByKernel(values, rows, columns, target, first, allRows);
    }
    case 'blocks': {
      const { matrix: { rows, columns, rowOrder, columnOrder }, bits, codes, scales } = conversion;
      const values = conversion.type === 'BF16' ? widenBfloat16(halves(bytes), widerRoom(rows * columns)) : toFloat32('', conversion.type, bytes);
      if (!areFinite(values)) return false;
      quantizeBlocks(reordered(values, rows, columns, rowOrder, columnOrder), rows, columns, bits, { codes, scales });
      return true;
    }
  }
}

let kernel: HalfKernel | undefined;
/** Each thread's own, with what it reads; the next conversion overwrites that. */
function ownKernel(): HalfKernel {
  return kernel ??= new HalfKernel();
}

/** Likewise, for numbers in 32 bits: fresh memory would cost more than what is done with it. */
let wider = new Uint32Array(0);
function widerRoom(count: number): Uint32Array<ArrayBuffer> {
  if (wider.length < count) wider = new Uint32Array(count);
  return wider.subarray(0, count);
}

function readSources(conversion: Conversion): Uint8Array<ArrayBuffer> {
  const byteLength = bytesRead(conversion);
  const input = ownKernel().bytes(byteLength);
  let done = 0;
  for (const source of conversion.sources) {
    readInto(source, input.subarray(done, done + source.byteLength));
    done += source.byteLength;
  }
  return input;
}

function transposeByKernel(values: Uint16Array<ArrayBuffer>, rows: number, columns: number, target: Uint16Array, first: number, allRows: number): boolean {
  const count = rows * columns;
  const isReordered = values.buffer !== ownKernel().bytes(0).buffer;
  const memory = halves(ownKernel().bytes(4 * count));
  if (isReordered) memory.set(values);
  if (!ownKernel().transpose(rows, columns, 2 * count)) return false;
  for (let column = 0; column < columns; column += 1) {
    const start = count + column * rows;
    target.set(memory.subarray(start, start + rows), column * allRows + first);
  }
  return true;
}

function readInto({ path, byteOffset }: TensorPlace, target: Uint8Array): void {
  const file = openSync(path, 'r');
  try {
    for (let done = 0; done < target.length;) {
      const count = readSync(file, target, done, target.length - done, byteOffset + done);
      if (count === 0) throw new Error(`${path} ended early: it changed while it was read.`);
      done += count;
    }
  } finally {
    closeSync(file);
  }
}

function halves(bytes: Uint8Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
}

function convertRun(values: Uint16Array, target: Uint16Array, table: Uint16Array): boolean {
  for (let index = 0; index < values.length; index += 1) {
    const bits = table[values[index] as number] as number;
    if (bits === notAFloat16) return false;
    target[index] = bits;
  }
  return true;
}

/** `TransposeSquare` through a table. */
function convertSquare(from: StoredNumbers, to: StoredNumbers, height: number, width: number, table: Uint16Array): boolean {
  for (let column = 0; column < width; column += 1) {
    for (let row = 0; row < height; row += 1) {
      const bits = table[from[row * squareStride + column] as number] as number;
      if (bits === notAFloat16) return false;
      to[column * squareStride + row] = bits;
    }
  }
  return true;
}
