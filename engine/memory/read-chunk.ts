import { open } from 'node:fs/promises';
import { LongtakeError } from '../protocol/errors.ts';
import { headByteLength, locateFeatures } from './chunk.ts';
import { readAt } from './durable-files.ts';
import { onFile } from './file-errors.ts';
import type { MemoryChunk, MemoryHeader } from './manifest.ts';
import { sha256 } from './sealed-json.ts';

/** The times of one chunk's frames, checked by their own hash. Reads about a kilobyte. // [frames] */
export async function readPts(file: string, chunk: MemoryChunk, shape: MemoryHeader['features']): Promise<Float64Array> {
  return await onFile('read', file, async () => {
    await using handle = await open(file, 'r');
    const head = await readAt(handle, 0, Math.min(headByteLength, chunk.features.byteLength));
    const { pts } = locateFeatures(head, chunk.features.byteLength, [chunk.frames, shape.tokensPerFrame, shape.channels], file);
    const bytes = await readAt(handle, pts.start, pts.end - pts.start);
    const found = sha256(bytes);
    if (found !== chunk.ptsSha256) {
      throw new LongtakeError('memory-invalid', `${file} is damaged: the sha256 of its frame times is ${found} and should be `
        + `${chunk.ptsSha256}. Restore it from a copy, or encode the video again.`, { file, expected: chunk.ptsSha256, found });
    }
    return new Float64Array(bytes.buffer, 0, chunk.frames);
  });
}

/** Feature bytes `[from, to)` of a chunk that has been verified before. // float16 bits [to - from, tokens, channels] */
export async function readFeatureRange(
  file: string, chunk: MemoryChunk, shape: MemoryHeader['features'], from: number, to: number,
): Promise<Uint16Array> {
  return await onFile('read', file, async () => {
    await using handle = await open(file, 'r');
    const head = await readAt(handle, 0, Math.min(headByteLength, chunk.features.byteLength));
    const { features } = locateFeatures(head, chunk.features.byteLength, [chunk.frames, shape.tokensPerFrame, shape.channels], file);
    const frameBytes = shape.tokensPerFrame * shape.channels * 2;
    const bytes = await readAt(handle, features.start + from * frameBytes, (to - from) * frameBytes);
    if (bytes.byteLength !== (to - from) * frameBytes) {
      throw new LongtakeError('memory-invalid', `${file} was cut off while it was in use. Restore it from a copy, or encode the video again.`, { file });
    }
    return new Uint16Array(bytes.buffer, 0, bytes.byteLength / 2);
  });
}
