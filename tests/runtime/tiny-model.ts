import { join } from 'node:path';
import { forget, frameRange, shownFrames, wholeMemory } from '../../engine/memory/forgetting.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import type { FeatureSource } from '../../engine/protocol/features.ts';
import { openVideoModel } from '../../engine/runtime/video-model.ts';
import type { Generation, VideoModel, PrefillOptions } from '../../engine/runtime/video-model.ts';
import { randomTensors, tinySizes, writeCheckpoint, type TensorTable } from '../fixtures/random-checkpoint.ts';

/** Makes the package of a tiny random Hour-LLaVA under `scratch` and returns its folder. */
export async function tinyPackage(scratch: string, change: (tensors: TensorTable) => void = () => undefined): Promise<string> {
  const tensors = randomTensors(tinySizes);
  change(tensors);
  await writeCheckpoint(join(scratch, 'checkpoint'), tinySizes, { tensors });
  await buildModelPackage(join(scratch, 'checkpoint'), join(scratch, 'package'), { weights: 'float32' });
  return join(scratch, 'package');
}

/** Opens it on one thread of the CPU. */
export async function openTiny(packageDirectory: string): Promise<VideoModel> {
  return await openVideoModel(packageDirectory, { provider: 'cpu', threads: 1 });
}

/** A memory of `frameCount` frames whose features are a reproducible wave. */
export function waveMemory(model: VideoModel, frameCount: number): FeatureSource {
  const frameLength = model.spec.tokensPerFrame * model.spec.vision.channels;
  return {
    frameCount,
    readFeatures: (from, to) => Promise.resolve(new Uint16Array(Float16Array.from(
      { length: (to - from) * frameLength }, (_, index) => Math.sin(1.7 * (from * frameLength + index))).buffer)),
  };
}

/** "<|im_start|>user\n", the video, a question, "<|im_end|>\n<|im_start|>assistant\n" in the golden tokenizer. */
export function prompt(...question: number[]): Int32Array {
  return Int32Array.of(421, 84, 373, 198, -200, 198, ...question, 422, 198, 421, 64, 298, 317, 198);
}

/** Reads a question over a whole wave memory; the caller disposes of the generation. */
export async function ask(model: VideoModel, frameCount: number, inputIds: Int32Array, options: PrefillOptions = {}): Promise<Generation> {
  const features = waveMemory(model, frameCount);
  const shown = shownFrames(frameRange(0, frameCount));
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
  const retained = forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' });
  const generation = await model.prefill({ inputIds, features, cross, retained }, options);
  await generation.lookedAt(); // as long as there is the memory
  return generation;
}

/** Largest difference over largest magnitude. */
export function relativeDifference(left: Float32Array, right: Float32Array): number {
  let difference = left.length === right.length ? 0 : Infinity;
  let magnitude = 0;
  left.forEach((value, index) => {
    difference = Math.max(difference, Math.abs(value - (right[index] ?? NaN)));
    magnitude = Math.max(magnitude, Math.abs(value));
  });
  return difference / magnitude;
}
