import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { throwIfCancelled } from '../protocol/errors.ts';
import type { ModelDimensions } from './spec.ts';

/** What happens to a frame before the tower and to its output after it; part of every memory's identity. */
const preprocessing = 'RGB; squashed by a bicubic of a = -0.5; (x / 255 - 0.5) / 0.5; bilinear sampling of the patch grid';

/**
 * Identifies what makes the features of a memory: the tower's tensors as the checkpoint stores them and the
 * preprocessing. Neither the projector nor the language model is in it, nor how a package keeps its weights.
 */
export async function encoderFingerprint(
  checkpoint: Checkpoint, vision: ModelDimensions['vision'], towerTensors: readonly string[], signal?: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  const { imageSize, patchSize, poolGrid, channels, layers, heads, layerNormEpsilon } = vision;
  hash.update(JSON.stringify({ preprocessing, imageSize, patchSize, poolGrid, channels, layers, heads, layerNormEpsilon }));
  for (const name of towerTensors.toSorted()) {
    throwIfCancelled(signal);
    const entry = checkpoint.tensors.get(name);
    hash.update(JSON.stringify([name, entry?.type, entry?.shape]));
    hash.update(await checkpoint.readBytes(name));
  }
  return hash.digest('hex');
}

/** SHA-256 over the names and bytes of a checkpoint's weights and config, in the order of their names. */
export async function checkpointSha256(directory: string, signal?: AbortSignal): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.safetensors') || name === 'config.json').sort();
  const hash = createHash('sha256');
  for (const name of names) {
    throwIfCancelled(signal);
    hash.update(JSON.stringify(name));
    await pipeline(createReadStream(join(directory, name), { highWaterMark: 1 << 20 }), async (chunks) => {
      for await (const chunk of chunks as AsyncIterable<Uint8Array>) hash.update(chunk);
    });
  }
  return hash.digest('hex');
}
