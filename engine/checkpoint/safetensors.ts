import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';

/**
 * Reading the safetensors format: eight bytes of header length, a JSON header, then the tensors' bytes
 * (github.com/huggingface/safetensors, "Format"). Every claim of the header is checked against the file before
 * anything is read by it.
 */

const elementByteLengths = {
  F64: 8, I64: 8, U64: 8, F32: 4, I32: 4, U32: 4, F16: 2, BF16: 2, I16: 2, U16: 2, I8: 1, U8: 1, BOOL: 1,
} as const;

export type TensorType = keyof typeof elementByteLengths;

export type TensorEntry = {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** Position in the file, not in the data section. */
  readonly byteOffset: number;
  readonly byteLength: number;
};

export type TensorPlace = { readonly path: string; readonly byteOffset: number; readonly byteLength: number };

const headerLengthBytes = 8;
/** The reference implementation's own limit: a longer header is an attack or not a safetensors file. */
const maximumHeaderByteLength = 100_000_000;
/** One read call takes less than 2 GiB. */
const readByteLength = 256 * 1024 * 1024;

const size = z.int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.enum(Object.keys(elementByteLengths) as [TensorType, ...TensorType[]]),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});
const headerSchema = z.record(z.string(), z.unknown());

/** Bytes of one element of a stored type. */
export function storedElementByteLength(type: TensorType): number {
  return elementByteLengths[type];
}

/** An open safetensors file. Tensors are read one at a time, on request. */
export class SafetensorsFile {
  readonly path: string;
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly #handle: FileHandle;

  private constructor(path: string, entries: ReadonlyMap<string, TensorEntry>, handle: FileHandle) {
    this.path = path;
    this.entries = entries;
    this.#handle = handle;
  }

  /** Opens and checks the header. Throws `file-not-found`, `file-unreadable` or `checkpoint-invalid`. */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await openForReading(path);
    try {
      const { size: fileByteLength } = await handle.stat();
      if (fileByteLength < headerLengthBytes) throw invalid(path, `is ${String(fileByteLength)} bytes long, too short for a safetensors file`);
      const prefix = await readExactly(handle, path, 0, headerLengthBytes);
      const declared = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
      if (declared > BigInt(Math.min(maximumHeaderByteLength, fileByteLength - headerLengthBytes))) {
        throw invalid(path, `declares a header of ${declared.toString()} bytes but has ${String(fileByteLength)} bytes in all`);
      }
      const headerByteLength = Number(declared);
      const header = await readExactly(handle, path, headerLengthBytes, headerByteLength);
      const entries = parseHeader(path, header, headerLengthBytes + headerByteLength, fileByteLength);
      return new SafetensorsFile(path, entries, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * The bytes of elements `start` to `end` of a tensor (all of them by default), in a buffer of their own,
   * so that a typed array can be laid over them.
   */
  async read(name: string, start = 0, end?: number): Promise<Uint8Array<ArrayBuffer>> {
    const { byteOffset, byteLength } = this.place(name, start, end);
    return await readExactly(this.#handle, this.path, byteOffset, byteLength);
  }

  /** Where those elements lie in which file. */
  place(name: string, start = 0, end?: number): TensorPlace {
    const { type, byteOffset, byteLength } = this.#entry(name);
    const first = start * elementByteLengths[type];
    const last = end === undefined ? byteLength : end * elementByteLengths[type];
    return { path: this.path, byteOffset: byteOffset + first, byteLength: last - first };
  }

  #entry(name: string): TensorEntry {
    const entry = this.entries.get(name);
    if (entry === undefined) throw invalid(this.path, `has no tensor "${name}"`);
    return entry;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function parseHeader(path: string, bytes: Uint8Array, dataStart: number, fileByteLength: number): Map<string, TensorEntry> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid(path, 'has a header that is not JSON', cause);
  }
  const header = headerSchema.safeParse(json);
  if (!header.success) throw invalid(path, 'has a header that is not a JSON object');
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(header.data)) {
    if (name === '__metadata__') continue;
    entries.push(parseEntry(path, name, value, dataStart));
  }
  checkLayout(path, entries, dataStart, fileByteLength);
  return new Map(entries.map((entry) => [entry.name, entry]));
}

function parseEntry(path: string, name: string, value: unknown, dataStart: number): TensorEntry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(path, `describes tensor "${name}" badly (${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'})`);
  }
  const { dtype, shape, data_offsets: [start, end] } = parsed.data;
  const expected = shape.reduce((product, dimension) => product * dimension, elementByteLengths[dtype]);
  if (end - start !== expected) {
    throw invalid(path, `gives tensor "${name}" ${String(end - start)} bytes; ${dtype} [${shape.join(', ')}] takes ${String(expected)}`);
  }
  return { name, type: dtype, shape, byteOffset: dataStart + start, byteLength: expected };
}

/** The format allows neither holes nor overlaps, nor bytes after the last tensor. */
function checkLayout(path: string, entries: readonly TensorEntry[], dataStart: number, fileByteLength: number): void {
  let position = dataStart;
  for (const entry of entries.toSorted((a, b) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength)) {
    if (entry.byteOffset !== position) {
      throw invalid(path, `has ${entry.byteOffset > position ? 'a hole before' : 'an overlap at'} tensor "${entry.name}"`);
    }
    position += entry.byteLength;
  }
  if (position !== fileByteLength) {
    throw invalid(path, `should be ${String(position)} bytes long by its header and is ${String(fileByteLength)}`
      + (position > fileByteLength ? ': the file is truncated, download it again' : ''));
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new LongtakeError(missing ? 'file-not-found' : 'file-unreadable',
      missing ? `There is no file ${path}.` : `${path} cannot be read.`, { path }, { cause });
  }
}

async function readExactly(handle: FileHandle, path: string, position: number, byteLength: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(byteLength);
  await readFully(handle, path, position, bytes);
  return bytes;
}

async function readFully(handle: FileHandle, path: string, position: number, target: Uint8Array): Promise<void> {
  let done = 0;
  while (done < target.byteLength) {
    const wanted = Math.min(readByteLength, target.byteLength - done);
    const { bytesRead } = await handle.read(target, done, wanted, position + done);
    if (bytesRead === 0) throw new LongtakeError('file-changed', `${path} ended early: it changed while it was read.`, { path });
    done += bytesRead;
  }
}

function invalid(path: string, what: string, cause?: unknown): LongtakeError {
  return new LongtakeError('checkpoint-invalid', `${path} ${what}.`, { path }, { cause });
}
