import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forget, frameRange, shownFrames, wholeMemory } from '../../engine/memory/forgetting.ts';
import { catalogue } from '../../engine/models/catalogue.ts';
import { answerNeeds } from '../../engine/models/needs.ts';
import type { ModelSpec } from '../../engine/models/spec.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { planAnswer } from '../../engine/runtime/answer-plan.ts';
import { openVideoModel, type VideoModel } from '../../engine/runtime/video-model.ts';
import type { Device } from '../../engine/runtime/session.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { prompt, tinyPackage, waveMemory } from './tiny-model.ts';

const hourTokens = 234_000;
const graphics = { compute: 'float16', keepsTensors: true } as const;
const spec = (weights: ModelSpec['weights'], entry = 0): ModelSpec => ({ ...catalogue[entry]?.shape, weights }) as unknown as ModelSpec;
const plenty = 64e9;

test('what fits stays on the device; what fits a block at a time is kept on the host; the rest is refused with numbers', () => {
  const all = answerNeeds(spec('float16'), 'float16', 'float16', hourTokens);
  const plan = (limit: number | undefined, memoryBytes = plenty) => planAnswer(spec('float16'), graphics, hourTokens, { memoryBytes, graphicsBytes: limit });
  assert.deepEqual(plan(all.totalBytes), { keysOnHost: false, deviceBytes: all.totalBytes, limitBytes: all.totalBytes });
  assert.equal(plan(undefined).keysOnHost, false);
  const less = plan(all.totalBytes - 1);
  assert.equal(less.keysOnHost, true);
  assert.ok(all.totalBytes - less.deviceBytes > 0.7 * all.crossMemoryBytes);
  assert.throws(() => plan(less.deviceBytes - 1), (error) => isLongtakeError(error, 'out-of-memory') && /\d\.\d\d GB of graphics memory and \d\.\d\d GB.*int4/u.test(error.message)
    && error.data['neededBytes'] === less.deviceBytes);
  assert.throws(() => plan(less.deviceBytes, 0.5e9), (error) => isLongtakeError(error, 'out-of-memory'), 'the host needs room for what the device has not');
});

test('an hour of the 3B model fits a card of 8 GB as int4, and the 7B one of 12 GB', () => {
  for (const [entry, gigabytes] of [[0, 8], [1, 12]] as const) {
    assert.equal(planAnswer(spec('int4', entry), graphics, hourTokens, { memoryBytes: plenty, graphicsBytes: 0.9 * gigabytes * 2 ** 30 }).keysOnHost, false);
  }
});

test('on the CPU a memory whose keys and values do not fit is refused', () => {
  const host = { compute: 'float32', keepsTensors: false } as const;
  assert.throws(() => planAnswer(spec('int4'), host, hourTokens, { memoryBytes: 2e9, graphicsBytes: undefined }), (error) => isLongtakeError(error, 'out-of-memory') && error.message.includes('RAM'));
  assert.ok(planAnswer(spec('int4'), host, hourTokens, { memoryBytes: 3e9, graphicsBytes: undefined }).keysOnHost);
});

test('keys and values that wait on the host give the same answer to the bit', async () => {
  const directory = await tinyPackage(scratchDirectory('answer-plan'));
  const device: Device = { provider: 'cpu', compute: 'float32', attention: 'plain', keepsTensors: true, threads: 1 };
  const logits = async (model: VideoModel) => {
    const features = waveMemory(model, 150);
    const shown = shownFrames(frameRange(0, 150));
    using cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame), { slotsPerRun: 31 });
    const generation = await model.prefill({ inputIds: prompt(3, 4), features, cross, retained: forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' }) });
    const shares = await generation.lookedAt();
    generation.dispose();
    return [generation.logits, shares];
  };
  const resident = await openVideoModel(directory, { device });
  const needs = answerNeeds(resident.spec, 'float32', 'float32', 150 * (resident.spec.tokensPerFrame + 1), { place: 'device' });
  const streamed = await openVideoModel(directory, { device, graphicsLimitBytes: needs.totalBytes - 1 });
  assert.deepEqual(await logits(streamed), await logits(resident));
  const refusing = await openVideoModel(directory, { device, graphicsLimitBytes: 1000 });
  await assert.rejects(logits(refusing), (error) => isLongtakeError(error, 'out-of-memory'));
  for (const model of [resident, streamed, refusing]) await model.dispose();
});

test('what was looked at does not depend on how much has been answered when it is asked for', async () => {
  const directory = await tinyPackage(scratchDirectory('answer-looked-at'));
  for (const keepsTensors of [false, true]) {
    const model = await openVideoModel(directory, { device: { provider: 'cpu', compute: 'float32', attention: 'fused', keepsTensors: false, threads: 1, ...(keepsTensors ? { attention: 'plain', keepsTensors } : {}) } });
    const features = waveMemory(model, 150);
    const shown = shownFrames(frameRange(0, 150));
    using cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
    const shares = async (steps: number) => {
      const generation = await model.prefill({ inputIds: prompt(3, 4), features, cross, retained: forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' }) });
      for (let step = 0; step < steps; step += 1) await generation.next(20 + step);
      const measured = await generation.lookedAt();
      assert.equal(await generation.lookedAt(), measured);
      generation.dispose();
      return measured;
    };
    assert.deepEqual(await shares(5), await shares(0));
    await model.dispose();
  }
});
