import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { forget, frameRange, shownFrames, wholeMemory } from '../../engine/memory/forgetting.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { runFailure } from '../../engine/runtime/device-failure.ts';
import { withFallback } from '../../engine/runtime/fallback.ts';
import { openVideoModel, type VideoModel } from '../../engine/runtime/video-model.ts';
import { onFirstDevice } from '../../engine/runtime/providers.ts';
import type { Device } from '../../engine/runtime/session.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { prompt, relativeDifference, tinyPackage, waveMemory } from './tiny-model.ts';

const scratch = scratchDirectory('fallback');
const directory = await tinyPackage(scratch);

/** An accelerator as far as files and caches go, in this process: it can be taken away at any moment. */
const accelerator: Device = { provider: 'cpu', compute: 'float32', attention: 'plain', keepsTensors: true, threads: 1 };
const openProcessor = (): Promise<VideoModel> => openVideoModel(directory, { provider: 'cpu', threads: 1 });

type Setup = { readonly model: VideoModel; readonly device: VideoModel; readonly moves: string[] };

async function openWithFallback(packageDirectory = directory): Promise<Setup> {
  const device = await openVideoModel(packageDirectory, { device: accelerator });
  const moves: string[] = [];
  const model = withFallback(device, async (failure) => {
    moves.push(failure.code);
    return await openProcessor();
  });
  return { model, device, moves };
}

function frames(model: VideoModel, count: number): Uint8Array {
  return Uint8Array.from({ length: count * model.spec.vision.imageSize ** 2 * 3 }, (_, index) => (index * 2_654_435_761) >>> 24);
}

async function firstLogits(model: VideoModel, next: number[] = []): Promise<Float32Array> {
  const features = waveMemory(model, 140);
  const shown = shownFrames(frameRange(0, 140));
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
  const generation = await model.prefill({ inputIds: prompt(7, 8), features, cross, retained: forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' }) });
  let { logits } = generation;
  for (const token of next) logits = await generation.next(token);
  generation.dispose();
  return logits;
}

suite('a device that fails', () => {
  test('between batches: encoding goes on elsewhere with the same features, once and for all', async () => {
    const { model, device, moves } = await openWithFallback();
    const reference = await openProcessor();
    const input = frames(model, 6);
    const before = await model.encodeFrames(input, 6);
    await device.dispose();
    const after = await model.encodeFrames(input, 6);
    await model.encodeFrames(input, 6);
    assert.deepEqual(moves, ['device-failed']);
    assert.deepEqual(after, await reference.encodeFrames(input, 6));
    assert.deepEqual(after.length, before.length);
    await model.dispose();
    await reference.dispose();
  });

  test('while several are at work: all of them go on, and there is one move', async () => {
    const { model, device, moves } = await openWithFallback();
    await device.dispose();
    const results = await Promise.all([1, 2, 3].map((count) => model.encodeFrames(frames(model, count), count)));
    assert.deepEqual(results.map(({ length }) => length > 0), [true, true, true]);
    assert.equal(moves.length, 1);
    await model.dispose();
  });

  test('with a memory loaded: that memory is refused by name, a new one answers', async () => {
    const { model, device, moves } = await openWithFallback();
    const features = waveMemory(model, 140);
    const shown = shownFrames(frameRange(0, 140));
    const retained = forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' });
    const cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
    await device.dispose();
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await assert.rejects(model.prefill({ inputIds: prompt(7, 8), features, cross, retained }), (error) => isLongtakeError(error, 'device-failed'));
    }
    assert.equal(moves.length, 1);
    const reference = await openProcessor();
    assert.ok(relativeDifference(await firstLogits(model), await firstLogits(reference)) < 1e-6);
    await model.dispose();
    await reference.dispose();
  });

  test('in the middle of an answer: the answer ends with the reason, the next one is computed elsewhere', async () => {
    const { model, device, moves } = await openWithFallback();
    const features = waveMemory(model, 140);
    const shown = shownFrames(frameRange(0, 140));
    const cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
    const generation = await model.prefill({ inputIds: prompt(7, 8), features, cross, retained: forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' }) });
    await generation.next(5);
    await device.dispose();
    await assert.rejects(generation.next(5), (error) => isLongtakeError(error, 'device-failed'));
    generation.dispose();
    cross.dispose();
    assert.equal(moves.length, 1);
    assert.ok((await firstLogits(model, [5, 5])).length > 0);
    await model.dispose();
  });

  test('on its first run: a graph that loads and cannot compute is left for one that can', async () => {
    const broken = path.join(scratch, 'first-run');
    cpSync(directory, broken, { recursive: true });
    // The projector's graph takes other inputs than the tower: it loads in its place and fails when it is run.
    copyFileSync(path.join(broken, 'projector.onnx'), path.join(broken, 'vision.plain.onnx'));
    const { model, moves } = await openWithFallback(broken);
    assert.ok((await model.encodeFrames(frames(model, 2), 2)).length > 0);
    assert.deepEqual(moves, ['device-failed']);
    await model.dispose();
  });

  test('on loading: the next provider is taken, and why is kept', async () => {
    const broken = path.join(scratch, 'loading');
    cpSync(directory, broken, { recursive: true });
    const graph = path.join(broken, 'vision.plain.onnx');
    writeFileSync(graph, readFileSync(graph).subarray(0, 1000));
    await assert.rejects(openVideoModel(broken, { device: accelerator }), (error) => isLongtakeError(error, 'provider-unavailable') && error.message.includes('vision.onnx'));
    const refused = await onFirstDevice('auto', 'float32', 1, async (device, why) => {
      const model = await openVideoModel(broken, { device: device.provider === 'cpu' && why.length > 0 ? device : accelerator });
      await model.dispose();
      return why.map(({ provider }) => provider);
    }, (provider) => (provider === 'webgpu' ? 'It failed a minute ago.' : undefined));
    assert.deepEqual(refused, ['webgpu']);
  });

  test('when the next device fails as well, its error is what is said, and nothing hangs', async () => {
    const device = await openVideoModel(directory, { device: accelerator });
    const model = withFallback(device, () => openVideoModel(path.join(scratch, 'no-such-package'), { provider: 'cpu' }));
    await device.dispose();
    await assert.rejects(model.encodeFrames(frames(model, 1), 1), (error) => isLongtakeError(error, 'model-not-found'));
    await assert.rejects(model.encodeFrames(frames(model, 1), 1), (error) => isLongtakeError(error, 'model-not-found'));
    await model.dispose().catch(() => undefined);
  });
});

test('drivers\' words for a full memory are told from other failures', () => {
  for (const reason of ['std::bad_alloc', 'VK_ERROR_OUT_OF_DEVICE_MEMORY', 'Out of memory when allocating 4 GB', 'Failed to allocate memory for requested buffer of size 123']) {
    assert.equal(runFailure('webgpu', 'decoder.onnx', reason, undefined).code, 'out-of-memory', reason);
  }
  assert.equal(runFailure('webgpu', 'decoder.onnx', 'A valid external Instance reference no longer exists.', undefined).code, 'device-failed');
});
