import type { WeightPiece } from './weight-pieces.ts';
import { pieceBytes, readWhole } from './weight-pieces.ts';

/** Rows or columns that come in blocks: `stored` of them in the file, `held` in the buffer, of which those behind are zero. */
export type Blocks = { readonly count: number; readonly stored: number; readonly held: number };

export type FilledMatrix = {
  readonly rows: Blocks;
  readonly columns: Blocks;
  readonly elementBytes: number;
};

/** Bytes of matrices side by side, filled up. */
export function filledBytes({ rows, columns, elementBytes }: FilledMatrix, matrices: number): number {
  return rows.count * rows.held * matrices * columns.count * columns.held * elementBytes;
}

/** Matrices of one shape, each from its place in the file on, side by side and filled up, in pieces of whole rows. */
export function filledPieces(starts: readonly number[], { rows, columns, elementBytes }: FilledMatrix, mostBytes = pieceBytes): WeightPiece[] {
  const storedRow = columns.count * columns.stored * elementBytes;
  const heldRow = columns.count * columns.held * elementBytes;
  const strideBytes = starts.length * heldRow;
  const [storedBlock, heldBlock] = [columns.stored * elementBytes, columns.held * elementBytes];
  const step = Math.max(1, Math.floor(mostBytes / strideBytes));
  const allRows = rows.count * rows.held;
  /** How many stored rows lie before a row of the buffer. */
  const storedBefore = (row: number) => Math.floor(row / rows.held) * rows.stored + Math.min(rows.stored, row % rows.held);
  return Array.from({ length: Math.ceil(allRows / step) }, (_, index) => {
    const first = index * step;
    const end = Math.min(allRows, first + step);
    return {
      byteOffset: first * strideBytes, byteLength: (end - first) * strideBytes, read: async (file, staging) => {
        staging.fill(0, 0, (end - first) * strideBytes);
        const from = storedBefore(first);
        const bytes = new Uint8Array((storedBefore(end) - from) * storedRow);
        for (const [matrix, start] of starts.entries()) {
          await readWhole(file, bytes, start + from * storedRow);
          for (let row = first; row < end; row += 1) {
            if (row % rows.held >= rows.stored) continue;
            const source = (storedBefore(row) - from) * storedRow;
            const target = (row - first) * strideBytes + matrix * heldRow;
            for (let block = 0; block < columns.count; block += 1) {
              staging.set(bytes.subarray(source + block * storedBlock, source + (block + 1) * storedBlock), target + block * heldBlock);
            }
          }
        }
      },
    };
  });
}
