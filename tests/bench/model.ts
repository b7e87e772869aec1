/**
 * The model alone at the demonstration's size with random weights: no video, no library.
 *   node tests/bench/model.ts [--seconds 3600] [--weights float32] [--threads 2] [--provider cpu]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { forget, frameRange, shownFrames, wholeMemory } from '../../engine/memory/forgetting.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import type { FeatureSource } from '../../engine/protocol/features.ts';
import { openVideoModel } from '../../engine/runtime/video-model.ts';
import { demoSizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { describeMachine, median, megabytes } from './support.ts';

const options = z.object({
  seconds: z.coerce.number(), threads: z.coerce.number(),
  weights: z.enum(['float32', 'float16', 'int8', 'int4']), provider: z.enum(['auto', 'cpu', 'webgpu']),
}).parse(parseArgs({
  options: {
    seconds: { type: 'string', default: '3600' }, threads: { type: 'string', default: '2' },
    weights: { type: 'string', default: 'float32' }, provider: { type: 'string', default: 'cpu' },
  },
}).values);

const bankFrames = 320;
const question = Array.from({ length: 60 }, (_, index) => 200 + index);
const inputIds = Int32Array.of(421, 372, 418, 198, 422, 198, 421, 84, 373, 198, -200, 198, ...question, 422, 198, 421, 64, 298, 317, 198);

const scratch = mkdtempSync(path.join(tmpdir(), 'longtake-bench-'));
try {
  console.log(describeMachine());
  await writeCheckpoint(path.join(scratch, 'checkpoint'), demoSizes);
  await buildModelPackage(path.join(scratch, 'checkpoint'), path.join(scratch, 'package'), { weights: options.weights });
  const model = await openVideoModel(path.join(scratch, 'package'), { provider: options.provider, threads: options.threads });
  console.log(`${model.provider}, ${model.compute}, ${model.attention} attention, ${options.weights} weights, ${String(options.threads)} threads`);

  const { imageSize, channels, poolGrid } = model.spec.vision;
  const frames = Uint8Array.from({ length: bankFrames * imageSize ** 2 * 3 }, (_, index) => (index * 2_654_435_761) >>> 24);
  const bank = await model.encodeFrames(frames, bankFrames);
  const encodeSeconds = await timed(async () => { await model.encodeFrames(frames, bankFrames); });
  console.log(`vision: ${(bankFrames / encodeSeconds).toFixed(0)} frames/s`);

  const frameLength = model.spec.tokensPerFrame * channels;
  const features: FeatureSource = {
    frameCount: options.seconds,
    readFeatures: (from, to) => {
      const read = new Uint16Array((to - from) * frameLength);
      for (let frame = from; frame < to; frame += 1) {
        const start = (frame % bankFrames) * frameLength;
        read.set(bank.subarray(start, start + frameLength), (frame - from) * frameLength);
      }
      return Promise.resolve(read);
    },
  };
  const shown = shownFrames(frameRange(0, options.seconds));
  const started = performance.now();
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
  const memorySeconds = (performance.now() - started) / 1000;
  let longest = 0;
  let last = performance.now();
  const retained = forget(shown, poolGrid, { kind: 'uniform' });
  const generation = await model.prefill({ inputIds, features, cross, retained }, {
    onProgress: () => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    },
  });
  const firstToken = (performance.now() - started) / 1000;
  console.log(`${String(cross.tokenCount)} memory tokens: keys and values ${memorySeconds.toFixed(2)} s, first token ${firstToken.toFixed(2)} s, longest native run ${longest.toFixed(0)} ms`);

  const steps: number[] = [];
  for (let index = 0; index < 200; index += 1) steps.push(await timed(async () => { await generation.next(index); }));
  console.log(`decode: ${(1 / median(steps)).toFixed(0)} tokens/s at ${String(generation.sequenceLength)} tokens`);
  generation.dispose();
  console.log(`peak RSS ${megabytes(process.resourceUsage().maxRSS * 1024)}`);
  await model.dispose();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
