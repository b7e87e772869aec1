import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { showPath } from './command-line.ts';
import { assertUnchanged, openSourceFile } from './source-file.ts';

const blockLength = 64 * 1024;
const blockCount = 64;

/**
 * Names a video by its content, so that a moved or renamed file is found again: `v1-<bytes>-<32 hex digits>`.
 * The hash is SHA-256 over the length and 64 blocks of 64 KiB, spread evenly from the first to the last byte
 * (the whole file up to 4 MiB): milliseconds for 10 GB. It tells files apart, it does not prove that they are equal:
 * two files of one length that differ only between the blocks have one fingerprint.
 * Throws as {@link openSourceFile} does, `file-changed` where the file shrinks meanwhile, `cancelled`.
 */
export async function fingerprintVideo(path: string, options: { signal?: AbortSignal | undefined } = {}): Promise<string> {
  const source = await openSourceFile(path);
  const hash = createHash('sha256').update(`longtake-video-1\n${source.byteLength}\n`);
  const handle = await open(source.path, 'r');
  try {
    const block = Buffer.alloc(blockLength);
    for (const { start, length } of fingerprintBlocks(source.byteLength)) {
      throwIfCancelled(options.signal);
      const { bytesRead } = await handle.read(block, 0, length, start);
      if (bytesRead !== length) {
        throw new LongtakeError('file-changed', `The file ${showPath(path)} became shorter while it was being read. Wait until it is complete and start again.`, { path });
      }
      hash.update(block.subarray(0, length));
    }
  } finally {
    await handle.close();
  }
  await assertUnchanged(source);
  return `v1-${source.byteLength}-${hash.digest('hex').slice(0, 32)}`;
}

/** The stretches of a file that its fingerprint covers, in order and without overlap. */
export function fingerprintBlocks(byteLength: number): { start: number; length: number }[] {
  if (byteLength <= blockLength * blockCount) {
    const whole = Math.ceil(byteLength / blockLength);
    return Array.from({ length: whole }, (_, index) => ({
      start: index * blockLength,
      length: Math.min(blockLength, byteLength - index * blockLength),
    }));
  }
  const lastStart = byteLength - blockLength;
  return Array.from({ length: blockCount }, (_, index) => ({
    start: Math.floor((lastStart * index) / (blockCount - 1)),
    length: blockLength,
  }));
}
