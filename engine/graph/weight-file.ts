import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { HashThread } from './hash-thread.ts';
import type { StoredTensor } from './onnx-messages.ts';

/** ONNX Runtime maps external tensors into memory only where they start on a page of the allocation granularity. */
const alignment = 65_536;
/** Small tensors (biases, norms) are read, not mapped: a page each would bloat the file. */
const smallAlignment = 64;
const smallByteLength = 131_072;
/** One write call takes at most 2 GiB on Linux and macOS; after pieces of this size the hash may go on. */
const writeByteLength = 16 * 1024 * 1024;

export type WeightFileSummary = { readonly fileName: string; readonly byteLength: number; readonly sha256: string };

/**
 * The external data of one or more graphs, written strictly in order so that only one tensor is ever in memory. What is
 * in the file is hashed behind the writer, by a thread that reads it again, most likely from the system's cache.
 * Offsets are plain numbers: exact up to 2^53 bytes.
 */
export class WeightFile {
  readonly fileName: string;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #hash = new HashThread();
  #byteOffset: number;
  /** What lies before is the hash's business already. */
  #hashedTo: number;
  /** What is being written while the next tensor is read and converted. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, handle: FileHandle, byteOffset: number, hashedTo = 0) {
    this.fileName = basename(path);
    this.#path = path;
    this.#handle = handle;
    this.#byteOffset = byteOffset;
    this.#hashedTo = hashedTo;
  }

  /** Creates (or replaces) the file. */
  static async create(path: string): Promise<WeightFile> {
    return new WeightFile(path, await open(path, 'w'), 0);
  }

  /**
   * Creates a file whose first `byteOffset` bytes are a hole. Tests use it to reach offsets beyond 4 GiB cheaply;
   * the hole is left out of the hash.
   */
  static async createSparse(path: string, byteOffset: number): Promise<WeightFile> {
    const handle = await open(path, 'w');
    await handle.truncate(byteOffset);
    return new WeightFile(path, handle, byteOffset, byteOffset);
  }

  /** Goes on behind the first `byteLength` bytes of a file; what follows them is cut off. Creates a missing file. */
  static async resume(path: string, byteLength: number): Promise<WeightFile> {
    if (byteLength === 0) return await WeightFile.create(path);
    const handle = await open(path, 'r+');
    try {
      await handle.truncate(byteLength);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new WeightFile(path, handle, byteLength);
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

  /**
   * Appends a tensor that comes in pieces, for those too large to hold twice; `byteLength` is all of it. A piece is in the
   * file when the one after it is taken and another asked for: at most one is on its way, here and after `append`.
   */
  async appendParts(byteLength: number, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<StoredTensor> {
    const step = byteLength < smallByteLength ? smallAlignment : alignment;
    this.#byteOffset = Math.ceil(this.#byteOffset / step) * step; // what is skipped reads as zeros
    const byteOffset = this.#byteOffset;
    for await (const part of parts) await this.#write(part);
    return { location: this.fileName, byteOffset, byteLength };
  }

  /** Flushes to the disk and closes. */
  async close(): Promise<WeightFileSummary> {
    await this.#writing;
    this.#hash.addBytes(this.#path, this.#hashedTo, this.#byteOffset);
    const [sha256] = await Promise.all([this.#hash.digest(), this.#handle.sync()]);
    await this.#handle.close();
    return { fileName: this.fileName, byteLength: this.#byteOffset, sha256 };
  }

  /** Closes as it is; for clean-up after an error. */
  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#hash.stop();
    await this.#handle.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#writing;
    this.#writing = this.#writeAt(bytes, this.#byteOffset);
    this.#writing.catch(() => undefined); // thrown by whatever is called next
    this.#byteOffset += bytes.byteLength;
  }

  async #writeAt(bytes: Uint8Array, byteOffset: number): Promise<void> {
    let written = 0;
    while (written < bytes.byteLength) {
      const { bytesWritten } = await this.#handle.write(bytes, written, Math.min(writeByteLength, bytes.byteLength - written), byteOffset + written);
      written += bytesWritten;
      const end = byteOffset + written;
      if (end - this.#hashedTo < writeByteLength) continue;
      this.#hash.addBytes(this.#path, this.#hashedTo, end);
      this.#hashedTo = end;
    }
  }
}
