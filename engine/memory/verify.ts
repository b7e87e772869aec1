import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { WorkOptions } from '../protocol/progress.ts';
import { fileError, systemCode } from './file-errors.ts';
import { listFiles, manifestFile, parseManifest, type MemoryFile, type MemoryManifest } from './manifest.ts';
import { sha256 } from './sealed-json.ts';

const remedy = 'Encode the video again (in the app, or with "longtake ingest --again"), or import an export of it.';

/** Reads a memory's manifest. A folder without one is `memory-invalid`, a missing folder `file-not-found`. */
export async function readManifest(directory: string): Promise<MemoryManifest> {
  const file = path.join(directory, manifestFile);
  try {
    return parseManifest(await readFile(file), file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' && await isDirectory(directory)) {
      throw new LongtakeError('memory-invalid', `${directory} is not a memory: it has no ${manifestFile}. ${remedy}`,
        { directory, file: manifestFile }, { cause: error });
    }
    throw fileError(error, 'open the memory', directory);
  }
}

const isDirectory = (directory: string): Promise<boolean> =>
  stat(directory).then((stats) => stats.isDirectory(), () => false);

/** Checks that every file of the manifest is there with its size: milliseconds, without reading them. */
export async function checkSizes(directory: string, manifest: MemoryManifest): Promise<void> {
  for (const { name, file } of listFiles(manifest)) {
    const stats = await stat(path.join(directory, name)).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw fileError(error, 'open', path.join(directory, name));
      throw new LongtakeError('memory-invalid', `The memory ${directory} is incomplete: ${name} is missing. ${remedy}`,
        { directory, file: name }, { cause: error });
    });
    if (stats.size !== file.byteLength) throw wrongSize(directory, name, file, stats.size);
  }
}

/** Reads every file of the manifest and compares its sha256. Streams, so RAM does not grow with the video. */
export async function checkHashes(
  directory: string, manifest: MemoryManifest, options: WorkOptions = {},
): Promise<void> {
  const files = listFiles(manifest);
  const total = files.reduce((sum, { file }) => sum + file.byteLength, 0);
  let done = 0;
  for (const { name, file } of files) {
    throwIfCancelled(options.signal);
    const hash = createHash('sha256');
    try {
      for await (const part of createReadStream(path.join(directory, name), { highWaterMark: 1 << 20 })) hash.update(part);
    } catch (error) {
      throw fileError(error, 'read', path.join(directory, name));
    }
    const found = hash.digest('hex');
    if (found !== file.sha256) throw wrongHash(directory, name, file.sha256, found);
    done += file.byteLength;
    options.onProgress?.({ stage: 'verify', done, total });
  }
}

/** Reads one whole file of a memory and checks it. */
export async function readChecked(directory: string, name: string, file: MemoryFile): Promise<Uint8Array> {
  const bytes = await readFile(path.join(directory, name))
    .catch((error: unknown) => { throw fileError(error, 'read', path.join(directory, name)); });
  if (bytes.byteLength !== file.byteLength) throw wrongSize(directory, name, file, bytes.byteLength);
  const found = sha256(bytes);
  if (found !== file.sha256) throw wrongHash(directory, name, file.sha256, found);
  return bytes;
}

function wrongSize(directory: string, name: string, file: MemoryFile, found: number): LongtakeError {
  return new LongtakeError('memory-invalid', `The memory ${directory} is damaged: ${name} has ${found} bytes and should `
    + `have ${file.byteLength}. ${remedy}`, { directory, file: name, expected: file.byteLength, found });
}

/** `found` and `expected` are sha256 in hex. */
export function wrongHash(directory: string, name: string, expected: string, found: string): LongtakeError {
  return new LongtakeError('memory-invalid', `The memory ${directory} is damaged: the bytes of ${name} are not those that were `
    + `written (sha256 ${found}, should be ${expected}). ${remedy}`, { directory, file: name, expected, found });
}
