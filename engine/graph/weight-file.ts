import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { StoredTensor } from './onnx-messages.ts';

/** ONNX Runtime maps external tensors into memory only where they start on a page of the allocation granularity. */
const alignment = 65_536;
/** Small tensors (biases, norms) are read, not mapped: a page each would bloat the file. */
const smallAlignment = 64;
const smallByteLength = 131_072;
/** One write call takes at most 2 GiB on Linux and macOS; pieces of this size also keep hashing and writing interleaved. */
const writeByteLength = 16 * 1024 * 1024;

export type WeightFileSummary = { readonly fileName: string; readonly byteLength: number; readonly sha256: string };

/**
 * The external data of one or more graphs, written strictly in order so that only one tensor is ever in memory.
 * Offsets are plain numbers: exact up to 2^53 bytes.
 */
export class WeightFile {
  readonly fileName: string;
  readonly #handle: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  #byteOffset: number;
  /** What is being written while the next tensor is read and converted. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(fileName: string, handle: FileHandle, byteOffset: number) {
    this.fileName = fileName;
    this.#handle = handle;
    this.#byteOffset = byteOffset;
  }

  /** Creates (or replaces) the file. */
  static async create(path: string): Promise<WeightFile> {
    return new WeightFile(basename(path), await open(path, 'w'), 0);
  }

  /**
   * Creates a file whose first `byteOffset` bytes are a hole. Tests use it to reach offsets beyond 4 GiB cheaply;
   * the hole is left out of the hash.
   */
  static async createSparse(path: string, byteOffset: number): Promise<WeightFile> {
    const handle = await open(path, 'w');
    await handle.truncate(byteOffset);
    return new WeightFile(basename(path), handle, byteOffset);
  }

  /** Goes on behind the first `byteLength` bytes of a file; what follows them is cut off. Creates a missing file. */
  static async resume(path: string, byteLength: number): Promise<WeightFile> {
    if (byteLength === 0) return await WeightFile.create(path);
    const handle = await open(path, 'r+');
    const file = new WeightFile(basename(path), handle, byteLength);
    try {
      await handle.truncate(byteLength);
      for await (const part of handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 })) file.#hash.update(part as Uint8Array);
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Waits until what is written is on the disk. */
  async flush(): Promise<void> {
    await this.#writing;
    await this.#handle.datasync();
  }

  /** Appends a tensor's bytes and says where they are. They may still be on their way to the disk: leave them as they are. */
  async append(bytes: Uint8Array): Promise<StoredTensor> {
    return await this.appendParts(bytes.byteLength, [bytes]);
  }

  /** Appends a tensor that comes in pieces, for those too large to hold twice; `byteLength` is all of it. */
  async appendParts(byteLength: number, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<StoredTensor> {
    const step = byteLength < smallByteLength ? smallAlignment : alignment;
    const padding = (step - (this.#byteOffset % step)) % step;
    if (padding > 0) await this.#write(new Uint8Array(padding));
    const byteOffset = this.#byteOffset;
    for await (const part of parts) {
      for (let start = 0; start < part.byteLength; start += writeByteLength) {
        await this.#write(part.subarray(start, start + writeByteLength));
      }
    }
    return { location: this.fileName, byteOffset, byteLength };
  }

  /** Flushes to the disk and closes. */
  async close(): Promise<WeightFileSummary> {
    await this.#writing;
    await this.#handle.sync();
    await this.#handle.close();
    return { fileName: this.fileName, byteLength: this.#byteOffset, sha256: this.#hash.digest('hex') };
  }

  /** Closes as it is; for clean-up after an error. */
  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#writing;
    this.#writing = this.#writeAt(bytes, this.#byteOffset);
    this.#writing.catch(() => undefined); // thrown by whatever is called next
    this.#hash.update(bytes);
    this.#byteOffset += bytes.byteLength;
  }

  async #writeAt(bytes: Uint8Array, byteOffset: number): Promise<void> {
    let written = 0;
    while (written < bytes.byteLength) {
      const { bytesWritten } = await this.#handle.write(bytes, written, bytes.byteLength - written, byteOffset + written);
      written += bytesWritten;
    }
  }
}
