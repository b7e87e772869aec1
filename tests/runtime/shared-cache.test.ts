import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { forget, frameRange, shownFrames, wholeMemory } from '../../engine/memory/forgetting.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { openVideoModel, type VideoModel } from '../../engine/runtime/video-model.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { prompt, relativeDifference, waveMemory } from './tiny-model.ts';

const directory = path.join(scratchDirectory('shared-cache'), 'package');
await buildModelPackage(path.join(import.meta.dirname, '..', 'fixtures', 'hour-llava-golden'), directory, { weights: 'float32' });

const tokens = Array.from({ length: 620 }, (_, index) => (index * 31) % 400);

/** Logits after an answer that needs more room than the cache begins with, and what was looked at, asked for behind it. */
async function answered(model: VideoModel): Promise<{ logits: Float32Array; shares: Float32Array }> {
  const features = waveMemory(model, 128);
  const shown = shownFrames(frameRange(0, 128));
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
  const retained = forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' });
  const generation = await model.prefill({ inputIds: prompt(9), features, cross, retained });
  let { logits } = generation;
  for (const token of tokens) logits = await generation.next(token);
  const shares = await generation.lookedAt();
  generation.dispose();
  return { logits, shares };
}

test('a cache that is past and present at once grows, and keeps the keys that were there, as one on the host does', async () => {
  const host = await openVideoModel(directory, { provider: 'cpu', threads: 1 });
  const device = await openVideoModel(directory, { device: { provider: 'cpu', compute: 'float32', attention: 'fused', keepsTensors: true, threads: 1 } });
  const expected = await answered(host);
  const found = await answered(device);
  assert.ok(relativeDifference(expected.logits, found.logits) < 1e-4);
  assert.ok(relativeDifference(expected.shares, found.shares) < 1e-4);
  await device.dispose();
  await host.dispose();
});
