import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { vilaParts } from '../checkpoint/vila-config.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
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
  const hash = createHash('sha256');
  const { imageSize, patchSize, poolGrid, channels, layers, heads, layerNormEpsilon } = vision;
  hash.update(JSON.stringify({ preprocessing, imageSize, patchSize, poolGrid, channels, layers, heads, layerNormEpsilon, ...(uniform !== undefined && { order: uniform.downsampled === undefined ? 'projected, then pooled' : `2 × 2 neighbours projected, by ${uniform.downsampled}` }) }));
  for (const name of towerTensors.toSorted()) {
    throwIfCancelled(signal);
    const entry = checkpoint.tensors.get(name);
    hash.update(JSON.stringify([name, entry?.type, entry?.shape]));
    hash.update(await checkpoint.readBytes(name));
  }
  return hash.digest('hex');
}

/**
 * SHA-256 over the names and bytes of a checkpoint's weights and config, in the order of their names. It is computed in a
 * thread of its own, beside the conversion of the tensors.
 */
export async function checkpointSha256(directory: string, signal?: AbortSignal): Promise<string> {
  const names = await filesOf(directory, (name) => name.endsWith('.safetensors') || name.endsWith('config.json') && !name.endsWith('generation_config.json') && !name.endsWith('tokenizer_config.json'));
  throwIfCancelled(signal);
  const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { workerData: { directory, names }, execArgv: ['--disable-warning=ExperimentalWarning'] });
  const stop = (): void => { void worker.terminate(); };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => { reject(new LongtakeError('cancelled', 'Stopped.')); });
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
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
