import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { vilaParts } from '../checkpoint/vila-config.ts';
import { HashThread } from '../graph/hash-thread.ts';
import { throwIfCancelled } from '../protocol/errors.ts';
import type { ModelDimensions } from './spec.ts';

/** What happens to a frame before the tower and to its output after it; part of every memory's identity. */
const preprocessing = 'RGB; squashed by a bicubic of a = -0.5; (x / 255 - 0.5) / 0.5; bilinear sampling of the patch grid';

/**
 * Identifies what makes the features of a memory: the tensors of the vision graph as the checkpoint stores them and the
 * preprocessing. How a package keeps its weights is not in it, nor the language model; the projector only where features have been
 * through it.
 */
export async function encoderFingerprint(
  checkpoint: Checkpoint, { vision, uniform }: Pick<ModelDimensions, 'vision' | 'uniform'>, towerTensors: readonly string[], signal?: AbortSignal,
): Promise<string> {
  const hash = new HashThread();
  const { imageSize, patchSize, poolGrid, channels, layers, heads, layerNormEpsilon } = vision;
  hash.addText(JSON.stringify({ preprocessing, imageSize, patchSize, poolGrid, channels, layers, heads, layerNormEpsilon, ...(uniform !== undefined && { order: uniform.downsampled === undefined ? 'projected, then pooled' : `2 × 2 neighbours projected, by ${uniform.downsampled}` }) }));
  for (const name of towerTensors.toSorted()) {
    const entry = checkpoint.tensors.get(name);
    hash.addText(JSON.stringify([name, entry?.type, entry?.shape]));
    const { path, byteOffset, byteLength } = checkpoint.place(name);
    hash.addBytes(path, byteOffset, byteOffset + byteLength);
  }
  return await digest(hash, signal);
}

/** The hash, unless it is stopped before. */
async function digest(hash: HashThread, signal: AbortSignal | undefined): Promise<string> {
  const stop = (): void => { void hash.stop(); };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    throwIfCancelled(signal);
    return await hash.digest();
  } finally {
    signal?.removeEventListener('abort', stop);
    await hash.stop();
  }
}

/**
 * SHA-256 over the names and bytes of a checkpoint's weights and config, in the order of their names. It is computed in a
 * thread of its own, beside the conversion of the tensors.
 */
export async function checkpointSha256(directory: string, signal?: AbortSignal): Promise<string> {
  const names = await filesOf(directory, (name) => name.endsWith('.safetensors') || name.endsWith('config.json') && !name.endsWith('generation_config.json') && !name.endsWith('tokenizer_config.json'));
  const hash = new HashThread();
  for (const name of names) {
    const path = join(directory, name);
    hash.addText(JSON.stringify(name));
    hash.addBytes(path, 0, (await stat(path)).size);
  }
  return await digest(hash, signal);
}

/** Files of a checkpoint, those of VILA's folders as "folder/name"; sorted. */
async function filesOf(directory: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const folders = vilaParts.map(({ folder }) => folder);
  const inside = await Promise.all(folders.map(async (folder) => (await readdir(join(directory, folder)).catch(() => [])).map((name) => `${folder}/${name}`)));
  return [...await readdir(directory), ...inside.flat()].filter(isWanted).sort();
}

/** Names, sizes and times of a checkpoint's files: equal while nobody has touched them, and read in no time. */
export async function checkpointStamp(directory: string): Promise<string> {
  const names = await filesOf(directory, (name) => name.endsWith('.safetensors') || name.endsWith('.json'));
  const files = await Promise.all(names.map(async (name) => {
    const { size, mtimeMs } = await stat(join(directory, name));
    return [name, size, mtimeMs];
  }));
  return createHash('sha256').update(JSON.stringify(files)).digest('hex');
}
