import { createHash } from 'node:crypto';
import { access, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { decodeThumbnails } from './chunk.ts';
import { conversationsFile, parseConversations } from './conversations-entry.ts';
import { readAt, syncDirectory, writeAll } from './durable-files.ts';
import { checkSpace } from './export.ts';
import { onFile } from './file-errors.ts';
import { lockMemory } from './lock.ts';
import { listFiles, manifestFile, parseManifest, thumbnailsFile, type MemoryManifest } from './manifest.ts';
import { openMemory } from './memory.ts';
import { readChecked } from './verify.ts';
import { damaged, hostile, readZipDirectory, type PlacedEntry } from './zip-directory.ts';

export type ArchiveContents = {
  readonly manifest: MemoryManifest;
  /** For the library to check and take; undefined where none came along. */
  readonly conversations: unknown[] | undefined;
  /** Of the memory once imported. */
  readonly byteLength: number;
};

/** Folder that an import fills before it gets its name: `sweepMemories` clears those of killed imports. */
export const importingSuffix = '.importing';
const partLength = 1 << 20;
/** JSON is read into RAM: a manifest of a hundred hours has 4 MB. */
const maximumJsonLength = 1 << 28;

/**
 * Says what a `.longtake` file holds and which encoder it needs, without importing it. Checks the whole layout and the
 * manifest; the data is verified by {@link importMemory}.
 * Throws `archive-hostile`, `memory-invalid`, `newer-version`, `file-not-found`.
 */
export async function inspectArchive(file: string): Promise<ArchiveContents> {
  return await onFile('open', file, async () => {
    await using handle = await open(file, 'r');
    const { manifest, conversations, byteLength } = await readLayout(handle, file);
    return { manifest, conversations, byteLength };
  });
}

/**
 * Reads a `.longtake` file to its end and compares every byte with what was exported, without importing it.
 * Throws as {@link inspectArchive} does.
 */
export async function verifyArchive(file: string, options: WorkOptions = {}): Promise<void> {
  await onFile('open', file, async () => {
    await using handle = await open(file, 'r');
    await readEntries(handle, file, await readLayout(handle, file), undefined, { ...options, stage: 'verify' });
  });
}

/**
 * Imports a `.longtake` file as the memory `directory`, which must not exist. Everything is unpacked and verified under
 * another name first: an import that is refused, cancelled or killed leaves nothing under `directory`.
 * @returns the manifest, and the conversations that came along, for the library to check and take
 */
export async function importMemory(
  file: string, directory: string, options: WorkOptions = {},
): Promise<{ readonly manifest: MemoryManifest; readonly conversations: unknown[] | undefined }> {
  const parent = path.dirname(path.resolve(directory));
  const temporary = `${path.resolve(directory)}${importingSuffix}`;
  await onFile('create', parent, () => mkdir(temporary, { recursive: true }));
  const lock = await lockMemory(temporary);
  try {
    if (await access(directory).then(() => true, () => false)) {
      throw new LongtakeError('bad-argument', `${directory} exists already. Import under another name, or remove it first.`, { directory });
    }
    await rm(temporary, { recursive: true, force: true });
    await onFile('create', temporary, () => mkdir(temporary));
    const result = await unpack(file, temporary, options);
    await syncDirectory(temporary);
    await onFile('rename', temporary, () => rename(temporary, directory));
    await syncDirectory(parent);
    return result;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  } finally {
    await lock.release();
  }
}

async function unpack(file: string, temporary: string, { signal, onProgress }: WorkOptions): Promise<{ manifest: MemoryManifest; conversations: unknown[] | undefined }> {
  await using handle = await onFile('open', file, () => open(file, 'r'));
  const layout = await readLayout(handle, file);
  const { manifest, conversations } = layout;
  await checkSpace(path.dirname(temporary), layout.byteLength, temporary);
  await readEntries(handle, file, layout, temporary, { signal, onProgress, stage: 'import' });
  const memory = await openMemory(temporary, { signal });
  for (const [index, chunk] of manifest.chunks.entries()) {
    const name = thumbnailsFile(index);
    decodeThumbnails(await readChecked(temporary, name, chunk.thumbnails), chunk.frames, name);
  }
  return { manifest: memory.manifest, conversations };
}

/** Reads every entry into a folder, or nowhere, and compares it with what the manifest says of it. */
async function readEntries(
  handle: FileHandle, file: string, { manifest, entries, byteLength: total }: Layout, folder: string | undefined, { signal, onProgress, stage }: WorkOptions & { readonly stage: 'import' | 'verify' },
): Promise<void> {
  const expected = new Map(listFiles(manifest).map(({ name, file: { sha256 } }) => [name, sha256]));
  let done = 0;
  for (const entry of entries) {
    const found = await readEntry(handle, entry, file, folder === undefined ? undefined : path.join(folder, entry.name), (bytes) => {
      throwIfCancelled(signal);
      done += bytes;
      onProgress?.({ stage, done, total });
    });
    const wanted = expected.get(entry.name);
    if (wanted !== undefined && found !== wanted) {
      throw damaged(file, `the bytes of ${entry.name} are not those that were exported (sha256 ${found}, should be ${wanted})`);
    }
  }
}

type Layout = { readonly manifest: MemoryManifest; readonly entries: readonly PlacedEntry[]; readonly conversations: unknown[] | undefined; readonly byteLength: number };

/** Everything about an archive that can be known without reading its data. */
async function readLayout(handle: FileHandle, file: string): Promise<Layout> {
  if (!(await handle.stat()).isFile()) throw damaged(file, 'it is a folder or a device');
  const entries = await readZipDirectory(handle, file);
  const [first, ...rest] = entries;
  if (first?.name !== manifestFile) throw damaged(file, `its first entry is ${first?.name ?? 'missing'} where ${manifestFile} should be`);
  const manifest = parseManifest(await readJson(handle, first, file), `${manifestFile} in ${file}`);
  if (!manifest.complete) throw damaged(file, 'its memory is not complete');
  const files = listFiles(manifest);
  const conversationsEntry = rest[files.length];
  for (const [index, { name, file: { byteLength } }] of files.entries()) {
    const entry = rest[index];
    if (entry === undefined) throw damaged(file, `${name} is missing`);
    if (entry.name !== name) throw hostile(file, `it holds ${entry.name} where ${name} should be`);
    if (entry.byteLength !== byteLength) throw hostile(file, `${name} has ${entry.byteLength} bytes, and the manifest says ${byteLength}`);
  }
  const extra = rest.slice(files.length).find((entry, index) => index > 0 || entry.name !== conversationsFile);
  if (extra !== undefined) throw hostile(file, `it holds ${extra.name}, of which the manifest knows nothing`);
  const conversations = conversationsEntry
    && parseConversations(await readJson(handle, conversationsEntry, file), `${conversationsFile} in ${file}`);
  const byteLength = [first, ...rest.slice(0, files.length)].reduce((sum, entry) => sum + entry.byteLength, 0);
  return { manifest, entries: [first, ...rest.slice(0, files.length)], conversations, byteLength };
}

async function readJson(handle: FileHandle, { name, dataStart, byteLength, crc32: expected }: PlacedEntry, file: string): Promise<Uint8Array> {
  if (byteLength > maximumJsonLength) throw hostile(file, `${name} has ${byteLength} bytes, more than any that Longtake writes`);
  const bytes = await readAt(handle, dataStart, byteLength);
  if (crc32(bytes) !== expected) throw damaged(file, `the checksum of ${name} is wrong`);
  return bytes;
}

/** Reads one entry, where there is a target into a new file and onto the disk. Returns its sha256. */
async function readEntry(
  handle: FileHandle, { name, dataStart, byteLength, crc32: expected }: PlacedEntry, file: string, target: string | undefined, onPart: (byteLength: number) => void,
): Promise<string> {
  return await onFile(target === undefined ? 'read' : 'write', target ?? file, async () => {
    const hash = createHash('sha256');
    let checksum = 0;
    await using output = target === undefined ? undefined : await open(target, 'wx');
    for (let position = 0; position < byteLength; position += partLength) {
      const part = await readAt(handle, dataStart + position, Math.min(partLength, byteLength - position));
      hash.update(part);
      checksum = crc32(part, checksum);
      if (output !== undefined) await writeAll(output, part);
      onPart(part.byteLength);
    }
    if (checksum !== expected) throw damaged(file, `the checksum of ${name} is wrong`);
    await output?.sync();
    return hash.digest('hex');
  });
}
