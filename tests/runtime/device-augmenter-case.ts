/** Run by device-augmenter.test.ts in a process of its own, on a software driver: how far MemAug's rows are from ONNX Runtime's, as JSON. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { forget, frameRange, shownFrames, wholeMemory } from '../../engine/memory/forgetting.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { openVideoModel } from '../../engine/runtime/video-model.ts';
import type { VideoModel } from '../../engine/runtime/video-model.ts';
import { tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { prompt, waveMemory } from './tiny-model.ts';

const scratch = scratchDirectory('device-augmenter');
const directory = join(scratch, 'package');
await writeCheckpoint(join(scratch, 'checkpoint'), tinySizes);
await buildModelPackage(join(scratch, 'checkpoint'), directory, { weights: 'int8' });
const rowsOf = async (model: VideoModel) => {
  const features = waveMemory(model, 9);
  const shown = shownFrames(frameRange(0, 9));
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame), { slotsPerRun: 4 });
  let rows = new Float32Array();
  const generation = await model.prefill({ inputIds: prompt(7, 8), features, cross, retained: forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' }) },
    { measureLookedAt: false, inspect: (stage, values) => { if (stage === 'memaug-output') rows = new Float32Array(values); } });
  generation.dispose();
  await model.dispose();
  return rows;
};
const wanted = await rowsOf(await openVideoModel(directory, { provider: 'cpu', threads: 1 }));
const found = await rowsOf(await openVideoModel(directory, { device: { provider: 'cpu', compute: 'float16', attention: 'fused', keepsTensors: false, threads: 1 }, kernels: 'plain' }));
const squares = (values: Float32Array) => values.reduce((sum, value) => sum + value ** 2, 0);
writeSync(1, JSON.stringify({ rows: wanted.length, sameLength: found.length === wanted.length, typical: Math.sqrt(squares(wanted.map((value, index) => value - (found[index] ?? NaN))) / squares(wanted)) }));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
