import { createHash } from 'node:crypto';
import { access, open, readFile, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { describeBytes } from '../protocol/sizes.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { conversationsFile, serialiseConversations } from './conversations-entry.ts';
import { readAt, syncDirectory, writeAll } from './durable-files.ts';
import { fileError, onFile } from './file-errors.ts';
import { listFiles, manifestFile, storedByteLength, type MemoryFile } from './manifest.ts';
import { checkSizes, readManifest, wrongHash } from './verify.ts';
import { centralHeader, endRecords, localHeader, localHeaderLength, type ZipEntry } from './zip-format.ts';

export type ExportOptions = WorkOptions & {
  /** Conversations to send along, as the library's archive gives them. */
  readonly conversations?: readonly unknown[];
  /** Replaces an existing file; refused with `bad-argument` otherwise. */
  readonly overwrite?: boolean;
};

const partLength = 1 << 20;

/**
 * Writes a complete memory into one `.longtake` file. Equal memories give equal files. Every byte is verified on its
 * way; the file appears under its name only when it is whole and on the disk.
 * Throws `memory-invalid` for a damaged memory, `bad-argument` for one that is still being encoded, `disk-full`, `read-only`.
 */
export async function exportMemory(directory: string, file: string, options: ExportOptions = {}): Promise<{ readonly byteLength: number }> {
  const manifest = await readManifest(directory);
  if (!manifest.complete) {
    throw new LongtakeError('bad-argument', `The memory ${directory} is still being encoded. Export it when it is complete.`, { directory });
  }
  await checkSizes(directory, manifest);
  if (options.overwrite !== true && await access(file).then(() => true, () => false)) {
    throw new LongtakeError('bad-argument', `${file} exists already. Choose another name, or allow it to be replaced.`, { file });
  }
  const files = listFiles(manifest);
  const partial = `${file}.partial`;
  try {
    await onFile('write', file, async () => {
      await using handle = await open(partial, 'w');
      // After the first touch: a read-only drive says that it is full, which would send the user the wrong way.
      await checkSpace(path.dirname(path.resolve(file)), storedByteLength(manifest), file);
      await writeEntries(handle, directory, files, options);
      await handle.sync();
    });
    await onFile('write', file, () => rename(partial, file));
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(path.dirname(path.resolve(file)));
  return await onFile('read', file, async () => {
    await using handle = await open(file, 'r');
    return { byteLength: (await handle.stat()).size };
  });
}

/** Refuses before the first byte what cannot fit. */
export async function checkSpace(directory: string, neededBytes: number, file: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory).catch((error: unknown) => { throw fileError(error, 'write', directory); });
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  throw new LongtakeError('disk-full', `${file} needs ${describeBytes(neededBytes)} and its drive has ${describeBytes(freeBytes)} free. `
    + 'Free some space or choose another drive.', { file, neededBytes, freeBytes });
}

async function writeEntries(
  handle: FileHandle, directory: string, files: ReturnType<typeof listFiles>, { conversations, signal, onProgress }: ExportOptions,
): Promise<void> {
  const entries: ZipEntry[] = [];
  let cursor = 0;
  const addBytes = async (name: string, bytes: Uint8Array): Promise<void> => {
    const entry = { name, byteLength: bytes.byteLength, crc32: crc32(bytes), offset: cursor };
    await writeAll(handle, localHeader(entry));
    await writeAll(handle, bytes);
    cursor += localHeaderLength(name) + bytes.byteLength;
    entries.push(entry);
  };
  await addBytes(manifestFile, await readFile(path.join(directory, manifestFile)));
  const total = files.reduce((sum, { file }) => sum + file.byteLength, 0);
  let done = 0;
  for (const { name, file } of files) {
    // The header needs the checksum of what follows it: written blank, then again.
    const entry = { name, byteLength: file.byteLength, crc32: 0, offset: cursor };
    await writeAll(handle, localHeader(entry));
    const checksum = await copyChecked(handle, directory, name, file, (bytes) => {
      throwIfCancelled(signal);
      done += bytes;
      onProgress?.({ stage: 'export', done, total });
    });
    const header = localHeader({ ...entry, crc32: checksum });
    await handle.write(header, 0, header.byteLength, cursor);
    cursor += header.byteLength + file.byteLength;
    entries.push({ ...entry, crc32: checksum });
  }
  if (conversations !== undefined) await addBytes(conversationsFile, serialiseConversations(conversations));
  const central = Buffer.concat(entries.map(centralHeader));
  await writeAll(handle, central);
  await writeAll(handle, endRecords(entries.length, cursor, cursor + central.byteLength));
}

/** Appends a file of a memory to the archive. Returns its CRC-32; throws where its sha256 is not the manifest's. */
async function copyChecked(
  target: FileHandle, directory: string, name: string, { byteLength, sha256: expected }: MemoryFile, onPart: (byteLength: number) => void,
): Promise<number> {
  const hash = createHash('sha256');
  let checksum = 0;
  await using source = await open(path.join(directory, name), 'r')
    .catch((error: unknown) => { throw fileError(error, 'read', path.join(directory, name)); });
  for (let position = 0; position < byteLength; position += partLength) {
    const part = await readAt(source, position, Math.min(partLength, byteLength - position));
    hash.update(part);
    checksum = crc32(part, checksum);
    await writeAll(target, part);
    onPart(part.byteLength);
  }
  const found = hash.digest('hex');
  if (found !== expected) throw wrongHash(directory, name, expected, found);
  return checksum;
}
