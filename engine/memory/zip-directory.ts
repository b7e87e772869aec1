import type { FileHandle } from 'node:fs/promises';
import { fromFdPromise, type Entry } from 'yauzl';
import { LongtakeError } from '../protocol/errors.ts';
import { readAt } from './durable-files.ts';
import { elsewhere, fixedLengths, signatures, zip64ExtraId, type ZipEntry } from './zip-format.ts';

export type PlacedEntry = ZipEntry & {
  /** Where the entry's bytes begin in the archive. */
  readonly dataStart: number;
};

/** Our names, all of them: so nothing can leave the folder, and no two names can be one on any file system. */
const allowedName = /^[a-z0-9][a-z0-9-]*\.[a-z]+$/u;
const utf8Names = 0x0800;
/** A thousand hours of video; every entry of a hostile directory costs two reads before it can be refused. */
const maximumDirectoryLength = 1 << 25;

/**
 * Lists the entries of a `.longtake` archive and refuses what a memory's archive has no use for, with `archive-hostile`:
 * names other than ours, compression, encryption, links, folders, duplicates, headers that contradict the directory, and
 * any byte that is in no entry or in two. yauzl reads the central directory (zip64 too); it looks neither at local
 * headers beyond where data starts, nor at how entries lie to each other, nor at names twice: that is checked here.
 * A file that is no zip, or ends early, is `memory-invalid`.
 */
export async function readZipDirectory(handle: FileHandle, file: string): Promise<PlacedEntry[]> {
  const { size } = await handle.stat();
  const directory = await locateDirectory(handle, size, file);
  const entries: PlacedEntry[] = [];
  const names = new Set<string>();
  let cursor = 0;
  let directoryLength = 0;
  for (const entry of await readCentral(handle, file)) {
    const name = checkCentral(entry, file);
    if (names.has(name)) throw hostile(file, `it holds ${name} twice`);
    names.add(name);
    if (entry.relativeOffsetOfLocalHeader !== cursor) throw hostile(file, `there are bytes before ${name} that belong to nothing, or to two entries`);
    const placed = await placeEntry(handle, entry, name, file);
    cursor = placed.dataStart + placed.byteLength;
    directoryLength += fixedLengths.central + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    if (cursor > directory.start) throw damaged(file, `${name} reaches beyond its end`);
    entries.push(placed);
  }
  if (cursor !== directory.start || directoryLength !== directory.end - directory.start) {
    throw hostile(file, 'there are bytes between its entries and its end that belong to nothing');
  }
  return entries;
}

/** The end of the file says where the directory is: exactly before the end records, and they exactly at the end. */
async function locateDirectory(handle: FileHandle, size: number, file: string): Promise<{ start: number; end: number }> {
  const tailLength = Math.min(size, fixedLengths.zip64End + fixedLengths.zip64Locator + fixedLengths.end);
  const tail = Buffer.from((await readAt(handle, size - tailLength, tailLength)).buffer);
  const last = tailLength - fixedLengths.end;
  if (last < 0 || tail.readUInt32LE(last) !== signatures.end || tail.readUInt16LE(last + 20) !== 0) {
    const head = Buffer.from((await readAt(handle, 0, Math.min(size, 4))).buffer);
    if (head.byteLength === 4 && head.readUInt32LE(0) !== signatures.local) throw noMemory(file);
    throw damaged(file, 'its last bytes are not the end of an archive: it was cut off, or something was added to it');
  }
  const locator = last - fixedLengths.zip64Locator;
  const hasZip64 = locator >= fixedLengths.zip64End && tail.readUInt32LE(locator) === signatures.zip64Locator;
  const endRecord = hasZip64 ? locator - fixedLengths.zip64End : last;
  const end = size - tailLength + endRecord;
  const read64 = (offset: number): number => Number(tail.readBigUInt64LE(offset));
  const [disks, counts, length, start] = hasZip64
    ? [[tail.readUInt32LE(endRecord + 16), tail.readUInt32LE(endRecord + 20)], [read64(endRecord + 24), read64(endRecord + 32)],
      read64(endRecord + 40), read64(endRecord + 48)]
    : [[tail.readUInt16LE(last + 4), tail.readUInt16LE(last + 6)], [tail.readUInt16LE(last + 8), tail.readUInt16LE(last + 10)],
      tail.readUInt32LE(last + 12), tail.readUInt32LE(last + 16)];
  const locatorAgrees = !hasZip64 || (tail.readUInt32LE(endRecord) === signatures.zip64End && read64(locator + 8) === end);
  const [count = 0, countAgain] = counts;
  if (!locatorAgrees || disks.some((disk) => disk !== 0) || count !== countAgain || start + length !== end
    || length > maximumDirectoryLength || count * fixedLengths.central > length) {
    throw hostile(file, 'its directory is not where, or not as long as, its end says');
  }
  return { start, end };
}

async function readCentral(handle: FileHandle, file: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    // Names stay bytes: yauzl would repair some of them, and an extra field could replace them.
    const zip = await fromFdPromise(handle.fd, { decodeStrings: false, autoClose: false, lazyEntries: true });
    for await (const entry of zip.eachEntry()) entries.push(entry);
  } catch (cause) {
    throw damaged(file, `its directory cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
  return entries;
}

function checkCentral(entry: Entry, file: string): string {
  const name = entry.fileNameRaw.toString('latin1');
  const shown = JSON.stringify(name);
  if (!allowedName.test(name)) throw hostile(file, `it holds an entry named ${shown}, and a memory has no such file`);
  const fileType = (entry.externalFileAttributes >>> 16) & 0o170000;
  const isDosFolder = (entry.externalFileAttributes & 0x10) !== 0;
  if ((fileType !== 0 && fileType !== 0o100000) || isDosFolder) throw hostile(file, `${name} is a link, a folder or a device`);
  if (entry.compressionMethod !== 0) throw hostile(file, `${name} is compressed (method ${entry.compressionMethod}); entries must be stored`);
  if ((entry.generalPurposeBitFlag & ~utf8Names) !== 0) {
    throw hostile(file, `${name} is encrypted or has its size behind it (flags 0x${entry.generalPurposeBitFlag.toString(16)})`);
  }
  if (entry.compressedSize !== entry.uncompressedSize) throw hostile(file, `${name} states two sizes`);
  if (entry.fileCommentLength !== 0) throw hostile(file, `${name} has a comment`);
  return name;
}

/** Reads an entry's local header, which must say the same as the directory: some programs believe the one, some the other. */
async function placeEntry(handle: FileHandle, entry: Entry, name: string, file: string): Promise<PlacedEntry> {
  const offset = entry.relativeOffsetOfLocalHeader;
  const fixed = Buffer.from((await readAt(handle, offset, fixedLengths.local)).buffer);
  if (fixed.byteLength < fixedLengths.local || fixed.readUInt32LE(0) !== signatures.local) throw damaged(file, `${name} is not where its directory says`);
  const nameLength = fixed.readUInt16LE(26);
  const extraLength = fixed.readUInt16LE(28);
  const rest = Buffer.from((await readAt(handle, offset + fixedLengths.local, nameLength + extraLength)).buffer);
  const sizes = localSizes(fixed, rest.subarray(nameLength));
  const agrees = fixed.readUInt16LE(6) === entry.generalPurposeBitFlag && fixed.readUInt16LE(8) === 0 && fixed.readUInt32LE(14) === entry.crc32
    && rest.toString('latin1', 0, nameLength) === name && sizes.every((size) => size === entry.uncompressedSize);
  if (!agrees) throw hostile(file, `${name} says of itself something else than the directory says of it`);
  return { name, byteLength: entry.uncompressedSize, crc32: entry.crc32, offset, dataStart: offset + fixedLengths.local + nameLength + extraLength };
}

function localSizes(fixed: Buffer, extra: Buffer): number[] {
  const sizes = [fixed.readUInt32LE(18), fixed.readUInt32LE(22)];
  if (sizes.every((size) => size !== elsewhere.size)) return sizes;
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== zip64ExtraId || extra.readUInt16LE(at + 2) < 16 || at + 20 > extra.byteLength) continue;
    return [Number(extra.readBigUInt64LE(at + 4)), Number(extra.readBigUInt64LE(at + 12))];
  }
  return [-1];
}

export function hostile(file: string, problem: string): LongtakeError {
  return new LongtakeError('archive-hostile', `${file} is refused: ${problem}. Nothing was imported. `
    + 'Longtake does not write such files; ask whoever sent it for a new export.', { file, problem });
}

function noMemory(file: string): LongtakeError {
  return new LongtakeError('memory-invalid', `${file} is no Longtake memory, whatever its name ends in. Nothing was imported. Choose a .longtake file that Longtake has exported.`, { file });
}

export function damaged(file: string, problem: string, cause?: unknown): LongtakeError {
  return new LongtakeError('memory-invalid', `${file} is not a whole .longtake file: ${problem}. Nothing was imported. `
    + 'Copy or download it again, or ask for a new export.', { file, problem }, { cause });
}
