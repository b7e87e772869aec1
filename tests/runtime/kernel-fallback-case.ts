/** Run by kernel-fallback.test.ts in a process of its own, on a software driver: what happened, as JSON. */
import { writeSync } from 'node:fs';
import { kernelsGraph } from '../../engine/kernels/graphics-device.ts';
import { Submissions } from '../../engine/kernels/submissions.ts';
import { forget, frameRange, shownFrames, wholeMemory } from '../../engine/memory/forgetting.ts';
import { answerNeeds } from '../../engine/models/needs.ts';
import { isLongtakeError, LongtakeError } from '../../engine/protocol/errors.ts';
import { openVideoModel } from '../../engine/runtime/video-model.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { prompt, relativeDifference, tinyPackage, waveMemory } from './tiny-model.ts';

const directory = await tinyPackage(scratchDirectory('kernel-fallback'));
const moves: string[] = [];
const model = await openVideoModel(directory, { provider: 'cpu', threads: 1, kernels: 'plain', onMoved: ({ provider, augmenter }) => { moves.push(`${provider} ${augmenter}`); } });
const features = waveMemory(model, 140);
const shown = shownFrames(frameRange(0, 140));
const ask = async (asked = model, withMemory = () => {}) => {
  using cross = await asked.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
  withMemory();
  const generation = await asked.prefill({ inputIds: prompt(7, 8), features, cross, retained: forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' }) });
  const lookedAt = await generation.lookedAt();
  generation.dispose();
  return { logits: generation.logits, lookedAt };
};
const before = model.augmenter;
const byKernel = await ask();
// Keys and values wait on the host where a device has no room for all of them.
const { totalBytes } = answerNeeds(model.spec, 'float32', 'float32', 140 * (model.spec.tokensPerFrame + 1), { place: 'device', hasKernel: true });
const small = await openVideoModel(directory, {
  device: { provider: 'cpu', compute: 'float32', attention: 'plain', keepsTensors: true, threads: 1 }, kernels: 'plain', graphicsLimitBytes: totalBytes - 1,
});
const streamed = await ask(small);
const lose = () => { Submissions.prototype.run = () => Promise.reject(new LongtakeError('device-failed', 'The device was lost.', { provider: 'webgpu', graph: kernelsGraph })); };
const refusal = await ask(model, lose).then(() => 'none', (error: unknown) => isLongtakeError(error) ? error.code : String(error));
const after = model.augmenter;
const byOnnxRuntime = await ask();
const again = await openVideoModel(directory, { provider: 'cpu', threads: 1, kernels: 'plain' });
writeSync(1, JSON.stringify({
  before, refusal, after, moves, again: again.augmenter, reasons: again.refusedProviders.map(({ reason }) => reason),
  streamed: relativeDifference(streamed.logits, byKernel.logits), streamedLookedAt: relativeDifference(streamed.lookedAt, byKernel.lookedAt),
  logits: relativeDifference(byKernel.logits, byOnnxRuntime.logits), lookedAt: relativeDifference(byKernel.lookedAt, byOnnxRuntime.lookedAt),
}));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
