import type { FileHandle } from 'node:fs/promises';
import { LongtakeError } from '../../protocol/errors.ts';

/** A stretch of a buffer and how its bytes are read into a piece of staging memory. */
export type WeightPiece = { readonly byteOffset: number; readonly byteLength: number; readonly read: (file: FileHandle, staging: Uint8Array) => Promise<void> };

/** Bytes of a piece. */
export const pieceBytes = 8 << 20;

/** Bytes as they lie in the file from `start` on; the last piece is filled up to a multiple of four. */
export function densePieces(start: number, byteLength: number): WeightPiece[] {
  return Array.from({ length: Math.ceil(byteLength / pieceBytes) }, (_, index) => {
    const byteOffset = index * pieceBytes;
    const bytes = Math.min(pieceBytes, byteLength - byteOffset);
    return {
      byteOffset, byteLength: Math.ceil(bytes / 4) * 4, read: async (file, staging) => {
        staging.fill(0, bytes, Math.ceil(bytes / 4) * 4);
        await readWhole(file, staging.subarray(0, bytes), start + byteOffset);
      },
    };
  });
}

export type Rows = {
  readonly rows: number;
  /** Of each row so many parts lie in the file, all first parts before all second ones. */
  readonly parts: number;
  /** A part has its share of so many matrices, one behind the other. */
  readonly joined: number;
  /** Of one part of a row. */
  readonly partBytes: number;
  /** From one row to the next in the buffer; what is left of it is zero. */
  readonly strideBytes: number;
};

/** Rows whose parts come together, or that are filled up. */
export function rowPieces(start: number, { rows, parts, joined, partBytes, strideBytes }: Rows): WeightPiece[] {
  const step = Math.max(1, Math.floor(pieceBytes / strideBytes));
  const shareBytes = partBytes / joined;
  return Array.from({ length: Math.ceil(rows / step) }, (_, index) => {
    const row = index * step;
    const count = Math.min(step, rows - row);
    return {
      byteOffset: row * strideBytes, byteLength: count * strideBytes, read: async (file, staging) => {
        staging.fill(0, 0, count * strideBytes);
        const bytes = new Uint8Array(count * partBytes);
        for (let part = 0; part < parts; part += 1) {
          await readWhole(file, bytes, start + (part * rows + row) * partBytes);
          for (let share = 0; share < count * joined; share += 1) {
            const to = Math.floor(share / joined) * strideBytes + (share % joined * parts + part) * shareBytes;
            staging.set(bytes.subarray(share * shareBytes, (share + 1) * shareBytes), to);
          }
        }
      },
    };
  });
}

export async function readWhole(file: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new LongtakeError('model-invalid', 'A weight file of the model ends too early. Prepare it again.', { byteOffset: start + done });
    done += bytesRead;
  }
}
