/** One stage of released.ts, in a process of its own: prints each number as a line of JSON as soon as it is measured. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { forget, frameRange, shownFrames, wholeMemory } from '../../../engine/memory/forgetting.ts';
import { packageFiles, visionNames } from '../../../engine/models/graph-names.ts';
import { buildModelPackage, readModelSpec } from '../../../engine/models/package.ts';
import type { FeatureSource } from '../../../engine/protocol/features.ts';
import { openVideoModel, type VideoModel } from '../../../engine/runtime/video-model.ts';
import { loadKernelTower } from '../../../engine/runtime/own/open-kernel-tower.ts';
import { chooseDevice } from '../../../engine/runtime/providers.ts';
import { GraphSession } from '../../../engine/runtime/session.ts';
import { forecastSpeed, measureSpeed } from '../../../engine/runtime/speed.ts';
import { writeReleasedCheckpoint } from '../../fixtures/released-checkpoint.ts';
import { median } from '../support.ts';
import { readOptions } from './options.ts';
import { profileSessions } from './profile.ts';
import { setProviderOptions } from './provider-options.ts';

const [stage, scratch = '.', ...args] = process.argv.slice(2);
const options = readOptions(args, scratch);
if (Object.keys(options.providerOptions).length > 0) setProviderOptions(options.provider, options.providerOptions);
const profile = options.profile ? profileSessions(options.directory) : undefined;

function print(what: string, values: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ stage: what, ...values, rssBytes: process.resourceUsage().maxRSS * 1024, ...(options.profile ? { profiled: true } : {}) })}\n`);
}

/** Time for the graphics memory to be read as it is behind a line. */
const settled = (): Promise<void> => new Promise((resume) => setTimeout(resume, 300));

const since = (startedMs: number): number => (performance.now() - startedMs) / 1000;

const stages: Readonly<Record<string, () => Promise<void>>> = { checkpoint: makeCheckpoint, package: makePackage, speed: benchSpeed, encode: benchEncode, batches: benchBatches, ask: benchAsk };
const run = stages[stage ?? ''];
if (run === undefined) throw new Error(`There is no stage "${String(stage)}".`);
await run();
await printProfile();

/** What has been profiled so far, once: before a device is given back, because that may end the process. */
async function printProfile(): Promise<void> {
  for (const line of await profile?.summaries() ?? []) process.stdout.write(`${JSON.stringify({ stage: 'profile', of: stage, ...line })}\n`);
}

/** Appears when it is complete, as a package does, so that what is there can be used again. */
async function makeCheckpoint(): Promise<void> {
  const { layers, checkpoint, size } = options;
  if (existsSync(checkpoint)) return;
  const startedMs = performance.now();
  const part = `${checkpoint}-${String(process.pid)}.part`;
  const { byteLength } = await writeReleasedCheckpoint(part, size, layers === undefined ? {} : { layers, towerLayers: layers });
  await rename(part, checkpoint).catch(async () => { await rm(part, { recursive: true, force: true }); }); // another run was quicker
  print('checkpoint', { seconds: since(startedMs), byteLength });
}

async function makePackage(): Promise<void> {
  const { checkpoint, packageDirectory, weights } = options;
  if (existsSync(path.join(packageDirectory, packageFiles.manifest))) {
    print('package', { reused: true, packageBytes: (await readModelSpec(packageDirectory)).byteLength });
    return;
  }
  await makeCheckpoint();
  const startedMs = performance.now();
  const spec = await buildModelPackage(checkpoint, packageDirectory, { weights });
  print('package', { seconds: since(startedMs), packageBytes: spec.byteLength });
}

/** What the forecast is computed from that people see before. */
async function benchSpeed(): Promise<void> {
  const speed = await measureSpeed(options.provider);
  print('speed', { ...speed, forecast: forecastSpeed(await readModelSpec(options.packageDirectory), options.weights, speed) });
}

function noiseFrames(count: number, imageSize: number): Uint8Array {
  return Uint8Array.from({ length: count * imageSize ** 2 * 3 }, (_, index) => (index * 2_654_435_761) >>> 24);
}

async function benchEncode(): Promise<void> {
  const loadMs = performance.now();
  const model = await openVideoModel(options.packageDirectory, { provider: options.provider, parts: 'encode', kernels: options.kernels });
  const loadSeconds = since(loadMs);
  const { imageSize } = model.spec.vision;
  const frames = noiseFrames(options.frames, imageSize);
  const firstMs = performance.now();
  await model.encodeFrames(frames.subarray(0, imageSize ** 2 * 3), 1); // compiles
  const firstFrameSeconds = since(firstMs);
  const seconds: number[] = [];
  for (let run = 0; run < 3; run += 1) { // the first makes its bindings, and finds how much a submission may take
    const startedMs = performance.now();
    await model.encodeFrames(frames, options.frames);
    seconds.push(since(startedMs));
  }
  print('encode', {
    framesPerSecond: options.frames / median(seconds.slice(1)), frames: options.frames, tower: model.tower, provider: model.provider, compute: model.compute, attention: model.attention,
    loadSeconds, firstFrameSeconds, firstSeconds: seconds[0],
  });
  await model.dispose();
}

/** Frames a second by how many frames one run takes: encodeFrames decides that by the work of a run. By our own kernels where the device has matrix units. */
async function benchBatches(): Promise<void> {
  const spec = await readModelSpec(options.packageDirectory);
  const device = await chooseDevice(options.provider, options.weights);
  if (options.kernels === 'auto' && device.compute === 'float16') {
    for (const batch of options.batches) {
      const tower = await loadKernelTower(options.packageDirectory, spec, device, 'matrix', { framesPerRun: batch });
      const frames = noiseFrames(4 * batch, spec.vision.imageSize);
      const seconds: number[] = [];
      for (let run = 0; run < 4; run += 1) {
        const startedMs = performance.now();
        await tower.encode(frames, 4 * batch);
        seconds.push(since(startedMs));
      }
      print('batch', { batch, tower: tower.by, framesPerSecond: 4 * batch / median(seconds.slice(1)), firstSeconds: seconds[0] });
      await tower.dispose();
    }
    return;
  }
  const vision = await GraphSession.open(options.packageDirectory, packageFiles.vision, device, { attends: true });
  const { imageSize } = spec.vision;
  for (const batch of options.batches) {
    const input = new Tensor('uint8', noiseFrames(batch, imageSize), [batch, imageSize, imageSize, 3]);
    const seconds: number[] = [];
    for (let run = 0; run < 4; run += 1) {
      const startedMs = performance.now();
      await vision.run({ [visionNames.frames]: input }, [visionNames.features]);
      seconds.push(since(startedMs));
    }
    print('batch', { batch, tower: 'onnxruntime', framesPerSecond: batch / median(seconds.slice(1)), firstSeconds: seconds[0] });
  }
  await vision.dispose();
}

async function benchAsk(): Promise<void> {
  const loadMs = performance.now();
  const model = await openVideoModel(options.packageDirectory, { provider: options.provider, parts: 'answer', kernels: options.kernels });
  print('load', { seconds: since(loadMs), provider: model.provider, compute: model.compute, attention: model.attention, augmenter: model.augmenter, decoder: model.decoder });
  await settled();
  const features = randomFeatures(model, options.seconds);
  const shown = shownFrames(frameRange(0, options.seconds));
  const memoryMs = performance.now();
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
  print('memory', { seconds: since(memoryMs), tokens: cross.tokenCount });
  await settled();
  const retained = forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' });
  const firstTokenSeconds: number[] = [];
  for (let question = 0; question < options.questions; question += 1) {
    const words = Array.from({ length: 40 }, (_, index) => 20 + ((index * 7 + question * 13) % 380));
    const inputIds = Int32Array.of(421, 372, 418, 198, 422, 198, 421, 84, 373, 198, -200, 198, ...words, 422, 198, 421, 64, 298, 317, 198);
    const startedMs = performance.now();
    let memaugSeconds = NaN;
    let readSeconds = NaN;
    const generation = await model.prefill({ inputIds, features, cross, retained }, {
      onProgress: ({ done }) => { // 0.8 once MemAug is through, 1 once the decoder has read all
        if (done <= 0.8) memaugSeconds = since(startedMs);
        readSeconds = since(startedMs);
      },
    });
    const seconds = since(startedMs);
    firstTokenSeconds.push(seconds);
    print('question', { question, firstTokenSeconds: seconds, memaugSeconds, decoderSeconds: readSeconds - memaugSeconds, videoTokens: retained.tokens.length });
    await settled();
    if (question === options.questions - 1) {
      const steps: number[] = [];
      for (let step = 0; step < options.tokens; step += 1) {
        const stepMs = performance.now();
        await generation.next(20 + step);
        steps.push(since(stepMs));
      }
      print('decode', { tokensPerSecond: 1 / median(steps), fastestSeconds: Math.min(...steps), slowestSeconds: Math.max(...steps), firstStepSeconds: steps[0] });
    }
    const lookedAtMs = performance.now();
    await generation.lookedAt();
    print('looked-at', { question, lookedAtSeconds: since(lookedAtMs) });
    generation.dispose();
    print('disposed', { question });
    await settled();
  }
  print('answer', { firstTokenSeconds: median(firstTokenSeconds.length > 1 ? firstTokenSeconds.slice(1) : firstTokenSeconds), ofQuestions: Math.max(1, firstTokenSeconds.length - 1) });
  await printProfile();
  cross.dispose(); // what lies on a device goes before the device does
  await model.dispose();
}

/** Features of a wave: nothing is known of what the real tower gives for noise. */
function randomFeatures(model: VideoModel, frameCount: number): FeatureSource {
  const frameLength = model.spec.tokensPerFrame * model.spec.vision.channels;
  const bank = new Uint16Array(Float16Array.from({ length: 16 * frameLength }, (_, index) => Math.sin(1.7 * index)).buffer);
  return {
    frameCount,
    readFeatures: (from, to) => {
      const read = new Uint16Array((to - from) * frameLength);
      for (let frame = from; frame < to; frame += 1) read.set(bank.subarray((frame % 16) * frameLength, ((frame % 16) + 1) * frameLength), (frame - from) * frameLength);
      return Promise.resolve(read);
    },
  };
}
