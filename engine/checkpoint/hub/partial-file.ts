import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';

/** A stretch of a file that is asked for at once. */
export type Piece = { readonly start: number; readonly end: number; done: number };

const stateSchema = z.object({ etag: z.string().nullable(), pieceBytes: z.int().positive(), done: z.array(z.int().nonnegative()) });

/** What a power cut may cost. */
const savePauseMs = 3000;

/**
 * A file that is being downloaded: its bytes in NAME.part, in any order, and what of them is there in NAME.part.json.
 * The bytes are flushed before the list says that they are there. The list is as long from the start as it will ever be
 * and is written in place, so that it can be written on a full disk.
 */
export class PartialFile {
  readonly pieces: readonly Piece[];
  /** What the server called the content when its first bytes came. */
  etag: string | undefined;
  readonly #handle: FileHandle;
  readonly #list: FileHandle;
  readonly #pieceBytes: number;
  #saving: Promise<void> = Promise.resolve();
  #savedAtMs = performance.now();

  private constructor(handle: FileHandle, list: FileHandle, byteLength: number, state: z.infer<typeof stateSchema>) {
    this.#handle = handle;
    this.#list = list;
    this.#pieceBytes = state.pieceBytes;
    this.etag = state.etag ?? undefined;
    this.pieces = Array.from({ length: Math.ceil(byteLength / state.pieceBytes) }, (_, index) => {
      const start = index * state.pieceBytes;
      const end = Math.min(byteLength, start + state.pieceBytes);
      return { start, end, done: Math.min(state.done[index] ?? 0, end - start) };
    });
  }

  /** Goes on with what is there, or begins. */
  static async open(path: string, byteLength: number, pieceBytes: number): Promise<PartialFile> {
    const known = stateSchema.safeParse(await readFile(`${path}.part.json`, 'utf8').then(tryParse, () => undefined));
    const exists = await stat(`${path}.part`).then(() => true, () => false);
    const goesOn = known.success && exists && known.data.done.some((done) => done > 0);
    const handle = await open(`${path}.part`, exists ? 'r+' : 'w+');
    const list = await open(`${path}.part.json`, goesOn ? 'r+' : 'w+');
    const partial = new PartialFile(handle, list, byteLength, goesOn ? known.data : { etag: null, pieceBytes, done: [] });
    try {
      await partial.save();
    } catch (error) {
      await partial.close();
      throw error;
    }
    return partial;
  }

  get doneBytes(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.done, 0);
  }

  /** Writes the next bytes of a piece. */
  async write(piece: Piece, bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.byteLength) {
      const { bytesWritten } = await this.#handle.write(bytes, written, bytes.byteLength - written, piece.start + piece.done);
      written += bytesWritten;
      piece.done += bytesWritten;
    }
  }

  /** As {@link save}, where that was not done just now: a flush of a busy disk can take longer than a piece. */
  async saveNowAndThen(): Promise<void> {
    if (performance.now() - this.#savedAtMs > savePauseMs) await this.save();
  }

  /** Makes what has come survive this process. */
  save(): Promise<void> {
    this.#savedAtMs = performance.now();
    const next = async (): Promise<void> => {
      const state = { etag: this.etag ?? null, pieceBytes: this.#pieceBytes, done: this.pieces.map(({ done }) => done) };
      await this.#handle.datasync();
      await this.#list.write(JSON.stringify(state).padEnd(400 + 12 * this.pieces.length), 0);
      await this.#list.datasync();
    };
    this.#saving = this.#saving.then(next, next);
    return this.#saving;
  }

  async close(): Promise<void> {
    await this.#saving.catch(() => undefined);
    await this.#handle.close();
    await this.#list.close();
  }
}

/** Forgets everything that came of a file. */
export async function removePartial(path: string): Promise<void> {
  await rm(`${path}.part`, { force: true });
  await rm(`${path}.part.json`, { force: true });
}

/** Bytes of a file that are there, whole or in part. */
export async function presentBytes(path: string, byteLength: number): Promise<number> {
  const whole = await stat(path).catch(() => undefined);
  if (whole?.size === byteLength) return byteLength;
  const known = stateSchema.safeParse(await readFile(`${path}.part.json`, 'utf8').then(tryParse, () => undefined));
  return known.success ? Math.min(byteLength, known.data.done.reduce((sum, done) => sum + done, 0)) : 0;
}

/** The bytes have been compared with their hash: they become the file. */
export async function completePartial(path: string): Promise<void> {
  await rename(`${path}.part`, path);
  await rm(`${path}.part.json`, { force: true });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
