/** Run by frame-reader.test.ts in a process of its own: a folder in; who computed, and how far logits by our own decoder are from ONNX Runtime's, out. */
import { join } from 'node:path';
import { buildModelPackage } from '../../engine/models/package.ts';
import { chooseRepository } from '../../engine/pipeline/repository.ts';
import { defaultAnswerSettings } from '../../engine/pipeline/settings.ts';
import { openVideoModel, type OpenOptions } from '../../engine/runtime/video-model.ts';
import { writeLongvilaCheckpoint } from '../fixtures/longvila-checkpoint.ts';
import { tinyLlavaVideoSizes } from '../fixtures/random-checkpoint.ts';
import { prompt, relativeDifference } from './tiny-model.ts';

const scratch = process.argv[2] ?? '';
await writeLongvilaCheckpoint(join(scratch, 'checkpoint'), tinyLlavaVideoSizes, { llm: { rope_scaling: { type: 'linear', factor: 4 } } });
await buildModelPackage(join(scratch, 'checkpoint'), join(scratch, 'package'), { weights: 'float32' });

async function logitsBy(options: OpenOptions): Promise<{ who: string; logits: Float32Array }> {
  const model = await openVideoModel(join(scratch, 'package'), { ...options, parts: 'answer' });
  const { tokensPerFrame, text: { hidden } } = model.spec;
  const length = tokensPerFrame * hidden;
  const features = {
    frameCount: 3,
    readFeatures: (from: number, to: number) => Promise.resolve(Float32Array.from({ length: (to - from) * length }, (_, index) => Math.sin(1.7 * (from * length + index)))),
  };
  const { memory, retained } = chooseRepository(3, model.spec, defaultAnswerSettings, 0);
  const cross = await model.buildCrossMemory(features, memory);
  const generation = await model.prefill({ inputIds: prompt(7, 8), features, cross, retained });
  const logits = await generation.next(9);
  generation.dispose();
  const who = [model.augmenter, model.decoder].join(' ');
  await model.dispose();
  return { who, logits };
}

const byKernels = await logitsBy({ device: { provider: 'cpu', compute: 'float32', attention: 'fused', keepsTensors: true, threads: undefined }, kernels: 'plain' });
const byOnnxRuntime = await logitsBy({ provider: 'cpu' });
process.stdout.write(JSON.stringify({ who: [byKernels.who, byOnnxRuntime.who], difference: relativeDifference(byKernels.logits, byOnnxRuntime.logits) }));
