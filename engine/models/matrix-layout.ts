/** Numbers of a weight as they are written: float32, or the bits of float16. */
export type StoredNumbers = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** As many new numbers of the same kind. */
function sameKind<Numbers extends StoredNumbers>(like: Numbers, length: number): Numbers {
  return (like instanceof Float32Array ? new Float32Array(length) : new Uint16Array(length)) as Numbers;
}

/** [rows, columns] with row i taken from `rowOrder[i]` and column i from `columnOrder[i]`; the same array where neither is given. */
export function reordered<Numbers extends StoredNumbers>(
  values: Numbers, rows: number, columns: number, rowOrder: Int32Array | undefined, columnOrder: Int32Array | undefined,
): Numbers {
  if (rowOrder === undefined && columnOrder === undefined) return values;
  const result = sameKind(values, values.length);
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

/** Side of the squares in which a matrix is transposed. */
export const squareSide = 192;
/** Rows of a square lie so far apart that they do not share the same few sets of a cache. */
export const squareStride = squareSide + 8;

/** [rows, columns] to [columns, rows]. */
export function transposed<Numbers extends StoredNumbers>(values: Numbers, rows: number, columns: number): Numbers {
  const result = sameKind(values, values.length);
  transposeInto(values, rows, columns, { target: result, first: 0, allRows: rows }, transposeSquare);
  return result;
}

/** Where a transposed matrix goes: to columns `first` and up of `target` [columns, allRows]. */
export type TransposeTarget = { readonly target: Float32Array | Uint16Array; readonly first: number; readonly allRows: number };

/** Transposes a square of rows `squareStride` apart; false where a number is none that may be stored. */
export type TransposeSquare = (from: StoredNumbers, to: StoredNumbers, height: number, width: number) => boolean;

/**
 * [rows, columns] to [columns, rows], until `turn` says false. Widths of networks are multiples of large powers of two, where walking down a
 * column would evict what it has just read: squares are copied out in rows, transposed among themselves, copied back in rows.
 */
export function transposeInto(values: StoredNumbers, rows: number, columns: number, { target, first, allRows }: TransposeTarget, turn: TransposeSquare): boolean {
  const from = sameKind(values, squareSide * squareStride);
  const to = sameKind(values, squareSide * squareStride);
  for (let rowStart = 0; rowStart < rows; rowStart += squareSide) {
    const height = Math.min(squareSide, rows - rowStart);
    for (let columnStart = 0; columnStart < columns; columnStart += squareSide) {
      const width = Math.min(squareSide, columns - columnStart);
      for (let row = 0; row < height; row += 1) {
        const start = (rowStart + row) * columns + columnStart;
        from.set(values.subarray(start, start + width), row * squareStride);
      }
      if (!turn(from, to, height, width)) return false;
      for (let column = 0; column < width; column += 1) {
        target.set(to.subarray(column * squareStride, column * squareStride + height), (columnStart + column) * allRows + first + rowStart);
      }
    }
  }
  return true;
}

function transposeSquare(from: StoredNumbers, to: StoredNumbers, height: number, width: number): boolean {
  for (let column = 0; column < width; column += 1) {
    for (let row = 0; row < height; row += 1) to[column * squareStride + row] = from[row * squareStride + column] as number;
  }
  return true;
}
