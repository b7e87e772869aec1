import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { forget, frameRange, linspaceIndices, shownFrames, wholeMemory } from '../../engine/memory/forgetting.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { Progress } from '../../engine/protocol/progress.ts';
import { openVideoModel, type VideoModel } from '../../engine/runtime/video-model.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { ask, openTiny, prompt, relativeDifference, tinyPackage, waveMemory } from './tiny-model.ts';

const scratch = scratchDirectory('runtime');
const directory = await tinyPackage(scratch);
const model = await openTiny(directory);
after(async () => { await model.dispose(); });
const { tokensPerFrame, vision } = model.spec;

const frameBytes = vision.imageSize ** 2 * 3;
const frames = Uint8Array.from({ length: 70 * frameBytes }, (_, index) => (index * 2_654_435_761) >>> 24);

test('the bytes of a frame\'s features do not depend on the batch it came in', async () => {
  const together = await model.encodeFrames(frames, 70);
  const frameLength = tokensPerFrame * vision.channels;
  for (const size of [1, 7, 32]) {
    for (let start = 0; start < 70; start += size) {
      const end = Math.min(70, start + size);
      const part = await model.encodeFrames(frames.subarray(start * frameBytes, end * frameBytes), end - start);
      assert.deepEqual(part, together.slice(start * frameLength, end * frameLength));
    }
  }
});

test('frames of the wrong size are refused with the right one', async () => {
  await assert.rejects(model.encodeFrames(frames, 3), (error) => isLongtakeError(error, 'bad-argument') && error.message.includes(String(3 * frameBytes)));
});

test('reading an answer token by token gives the logits of reading it at once', async () => {
  const answer = [300, 12, 301, 45, 7];
  const stepwise = await ask(model, 150, prompt(320, 77));
  let logits = stepwise.logits;
  for (const token of answer) logits = await stepwise.next(token);
  const inputIds = Int32Array.from([...prompt(320, 77), ...answer]);
  const atOnce = await ask(model, 150, inputIds);
  assert.equal(stepwise.sequenceLength, atOnce.sequenceLength);
  assert.ok(relativeDifference(atOnce.logits, logits) < 1e-5);
  stepwise.dispose();
  atOnce.dispose();
});

test('an answer may outgrow the room that its cache began with', async () => {
  const tokens = Array.from({ length: 620 }, (_, index) => (index * 31) % 400);
  const stepwise = await ask(model, 128, prompt(9), { measureLookedAt: false });
  let logits = stepwise.logits;
  for (const token of tokens) logits = await stepwise.next(token);
  const atOnce = await ask(model, 128, Int32Array.from([...prompt(9), ...tokens]), { measureLookedAt: false });
  assert.ok(relativeDifference(atOnce.logits, logits) < 1e-4);
  stepwise.dispose();
  atOnce.dispose();
});

test('the same question gets the same logits to the bit', async () => {
  const [first, second] = [await ask(model, 200, prompt(5, 6)), await ask(model, 200, prompt(5, 6))];
  assert.deepEqual(first.logits, second.logits);
  assert.deepEqual(await first.lookedAt(), await second.lookedAt());
  first.dispose();
  second.dispose();
});

test('keys and values of a memory are built once for many questions', async () => {
  const features = waveMemory(model, 140);
  const shown = frameRange(0, 140);
  const before = model.crossMemoryBuilds;
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, tokensPerFrame));
  const retained = forget(shown, vision.poolGrid, { kind: 'uniform' });
  const logits = [];
  for (const question of [11, 12, 13]) {
    const generation = await model.prefill({ inputIds: prompt(question), features, cross, retained });
    logits.push(generation.logits);
    generation.dispose();
  }
  assert.equal(model.crossMemoryBuilds, before + 1);
  assert.ok(relativeDifference(logits[0] as Float32Array, logits[1] as Float32Array) > 1e-4);
});

test('a memory read in many small pieces gives the same answer', async () => {
  const features = waveMemory(model, 150);
  const shown = frameRange(0, 150);
  const retained = forget(shown, vision.poolGrid, { kind: 'uniform' });
  const logits = [];
  for (const slotsPerRun of [1, 7, 150]) {
    using cross = await model.buildCrossMemory(features, wholeMemory(shown, tokensPerFrame), { slotsPerRun });
    const generation = await model.prefill({ inputIds: prompt(8), features, cross, retained });
    logits.push(generation.logits);
    generation.dispose();
  }
  for (const other of logits.slice(1)) assert.ok(relativeDifference(logits[0] as Float32Array, other) < 1e-5);
});

test('an answer changes when only the forgotten part of the memory does, and not when that is not remembered', async () => {
  const features = waveMemory(model, 160);
  const shown = frameRange(0, 160);
  const retained = forget(shown, vision.poolGrid, { kind: 'uniform' });
  const forgotten = shown.find((frame) => !retained.frames.includes(frame)) as number;
  const frameLength = tokensPerFrame * vision.channels;
  const changed = {
    frameCount: 160,
    readFeatures: async (from: number, to: number) => {
      const values = Uint16Array.from(await features.readFeatures(from, to));
      if (forgotten >= from && forgotten < to) values.fill(0x4400, (forgotten - from) * frameLength, (forgotten - from + 1) * frameLength);
      return values;
    },
  };
  const logits = async (source: typeof changed, selection: typeof retained) => {
    using cross = await model.buildCrossMemory(source, selection);
    const generation = await model.prefill({ inputIds: prompt(50), features: source, cross, retained });
    generation.dispose();
    return generation.logits;
  };
  const whole = wholeMemory(shown, tokensPerFrame);
  assert.ok(relativeDifference(await logits(features as typeof changed, whole), await logits(changed, whole)) > 1e-6);
  assert.deepEqual(await logits(features as typeof changed, retained), await logits(changed, retained));
});

test('a part of a memory is answered from its frames alone', async () => {
  const features = waveMemory(model, 300);
  const shown = shownFrames(frameRange(100, 130));
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, tokensPerFrame));
  const retained = forget(shown, vision.poolGrid, { kind: 'uniform' });
  const generation = await model.prefill({ inputIds: prompt(50), features, cross, retained });
  (await generation.lookedAt()).forEach((share, frame) => {
    assert.ok(frame >= 100 && frame < 130 ? share > 0 : share === 0, `frame ${String(frame)} got ${String(share)}`);
  });
  generation.dispose();
});

test('frames far apart can be the memory', async () => {
  const features = waveMemory(model, 3600);
  const frames64 = linspaceIndices(3599, 64);
  using cross = await model.buildCrossMemory(features, { ...wholeMemory(frames64, tokensPerFrame), places: frames64, placeCount: 3600 });
  assert.equal(cross.tokenCount, 64 * (tokensPerFrame + 1));
  const retained = { ...forget(frames64, vision.poolGrid, { kind: 'uniform' }), places: frames64.filter((_, index) => index % 4 === 0), placeCount: 3600 };
  const generation = await model.prefill({ inputIds: prompt(50), features, cross, retained });
  assert.equal((await generation.lookedAt()).filter((share) => share > 0).length, 64);
  generation.dispose();
});

test('the shares of what was looked at are a distribution over the frames', async () => {
  const generation = await ask(model, 333, prompt(60, 61, 62));
  const shares = await generation.lookedAt();
  assert.equal(shares.length, 333);
  assert.ok(shares.every((share) => share >= 0));
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
  generation.dispose();
});

test('work stops between two native runs once it is cancelled', async () => {
  const controller = new AbortController();
  const features = waveMemory(model, 130);
  const shown = frameRange(0, 130);
  const retained = forget(shown, vision.poolGrid, { kind: 'uniform' });
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, tokensPerFrame));
  const steps: Progress[] = [];
  const onProgress = (step: Progress) => {
    steps.push(step);
    controller.abort();
  };
  await assert.rejects(model.prefill({ inputIds: prompt(1), features, cross, retained }, { signal: controller.signal, onProgress }),
    (error) => isLongtakeError(error, 'cancelled'));
  assert.equal(steps.length, 1);
  await assert.rejects(model.buildCrossMemory(features, wholeMemory(shown, tokensPerFrame), { signal: controller.signal }),
    (error) => isLongtakeError(error, 'cancelled'));
  await assert.rejects(model.encodeFrames(frames, 70, { signal: controller.signal }), (error) => isLongtakeError(error, 'cancelled'));
});

test('progress of an answer rises to one', async () => {
  const steps: number[] = [];
  (await ask(model, 128, prompt(1), { onProgress: ({ done }) => steps.push(done) })).dispose();
  assert.deepEqual(steps.toSorted((left, right) => left - right), steps);
  assert.equal(steps.at(-1), 1);
});

test('a prompt longer than the context is refused with both lengths', async () => {
  await assert.rejects(ask(model, 128, prompt(...Array.from({ length: 32_800 }, () => 5))),
    (error) => isLongtakeError(error, 'question-too-long') && error.message.includes('32767'));
});

test('a token outside the vocabulary is refused', async () => {
  await assert.rejects(ask(model, 128, prompt(423)), (error) => isLongtakeError(error, 'bad-argument') && error.message.includes('423'));
});

test('a memory that gives other sizes than it should is refused', async () => {
  const broken = { frameCount: 130, readFeatures: () => Promise.resolve(new Uint16Array(7)) };
  await assert.rejects(model.buildCrossMemory(broken, wholeMemory(frameRange(0, 130), tokensPerFrame)),
    (error) => isLongtakeError(error, 'memory-invalid'));
});

test('a memory that does not fit is refused with numbers before anything is allocated', async () => {
  const small = await openVideoModel(directory, { provider: 'cpu', threads: 1, memoryLimitBytes: 100_000 });
  await assert.rejects(ask(small, 3600, prompt(1)),
    (error) => isLongtakeError(error, 'out-of-memory') && error.message.includes('6.9 MB of RAM and 0.1 MB may be used'));
  assert.equal(small.crossMemoryBuilds, 0);
  await small.dispose();
});

test('a model opened for encoding alone does not answer', async () => {
  const encoder = await openVideoModel(directory, { provider: 'cpu', parts: 'encode', threads: 1 });
  assert.equal((await encoder.encodeFrames(frames.subarray(0, frameBytes), 1)).length, tokensPerFrame * vision.channels);
  await assert.rejects(async () => await ask(encoder, 128, prompt(1)), /without its answer part/);
  await encoder.dispose();
});

test('a provider that this machine does not have is refused with its reason', async () => {
  await assert.rejects(openVideoModel(directory, { provider: 'coreml' }),
    (error) => isLongtakeError(error, 'provider-unavailable') && error.message.startsWith('coreml: '));
});

test('left to choose, the model opens on something and says why not on what it tried before', async () => {
  const chosen = await openVideoModel(directory, { parts: 'encode' });
  const tried = ['webgpu', 'cpu'].slice(0, ['webgpu', 'cpu'].indexOf(chosen.provider));
  assert.deepEqual(chosen.refusedProviders.map(({ provider }) => provider), tried);
  assert.ok(chosen.refusedProviders.every(({ reason }) => reason.length > 10 && !reason.includes('onnxruntime_src')));
  await chosen.dispose();
});

test('what a device computes that is no number becomes neither a memory nor an answer', async () => {
  const largest = 3e38; // a finite weight, with which everything behind it overflows
  const overflowing = async (tensor: string): Promise<VideoModel> => await openTiny(await tinyPackage(path.join(scratch, tensor), (tensors) => {
    tensors.get(tensor)?.values.fill(largest);
  }));
  const tower = await overflowing('model.vision_tower.vision_tower.vision_model.embeddings.patch_embedding.bias');
  await assert.rejects(tower.encodeFrames(new Uint8Array(tower.spec.vision.imageSize ** 2 * 3), 1), { code: 'device-failed', message: /vision.* it computed -?Infinity|NaN/u });
  const decoder = await overflowing('model.norm.weight');
  await assert.rejects(ask(decoder, 140, prompt(7, 8)), { code: 'device-failed', message: /decoder.* it computed/u });
  await tower.dispose();
  await decoder.dispose();
});
