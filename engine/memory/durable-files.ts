import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { onFile } from './file-errors.ts';

/**
 * Makes the names inside a folder survive a power cut. Windows cannot open a folder and needs no such step:
 * NTFS journals its names.
 */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  await onFile('save the folder', directory, async () => {
    await using handle = await open(directory, 'r');
    await handle.sync();
  });
}

/**
 * Writes a new file and waits until its bytes are on the disk. The folder's own sync is the caller's, once for
 * several files. A file that could not be written whole is removed again.
 */
export async function writeDurable(file: string, parts: readonly Uint8Array[]): Promise<void> {
  await onFile('write', file, async () => {
    const handle = await open(file, 'wx');
    try {
      for (const part of parts) await writeAll(handle, part);
      await handle.sync();
    } catch (error) {
      await handle.close();
      await rm(file, { force: true });
      throw error;
    }
    await handle.close();
  });
}

/** Replaces a file in one step: a reader, or a power cut, sees the old bytes or the new ones. */
export async function replaceDurable(file: string, bytes: Uint8Array): Promise<void> {
  const partial = `${file}.partial`;
  await onFile('replace', file, async () => {
    await rm(partial, { force: true });
    await writeDurable(partial, [bytes]);
    await rename(partial, file);
  });
  await syncDirectory(path.dirname(file));
}

type Writable = { write(bytes: Uint8Array, offset: number, length: number, position?: number | null): Promise<{ bytesWritten: number }> };

/** A write may be short when a disk fills up: the next one then fails with the reason. */
export async function writeAll(handle: Writable, bytes: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < bytes.byteLength) {
    const { bytesWritten } = await handle.write(bytes, offset, bytes.byteLength - offset, null);
    offset += bytesWritten;
  }
}

type Readable = { read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }> };

/** Reads up to `length` bytes at `position`; fewer where the file ends before. */
export async function readAt(handle: Readable, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let offset = 0;
  while (offset < length) {
    const { bytesRead } = await handle.read(bytes, offset, length - offset, position + offset);
    if (bytesRead === 0) return bytes.subarray(0, offset);
    offset += bytesRead;
  }
  return bytes;
}
