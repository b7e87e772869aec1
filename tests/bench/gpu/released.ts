/**
 * The released models' full shapes with random weights, on whatever this machine has: encode, keys and values of the
 * memory, first token, decode, and graphics memory against the estimate that is shown before. Prints one line of JSON.
 *   node tests/bench/gpu/released.ts --size 3b [--weights float16|int4] [--provider webgpu] [--minutes 60] [--frames 64]
 *     [--directory DIR] [--layers N] [--reference]
 * DIR keeps checkpoint and package for the next run (7.4 + 7.4 GB for 3b, 17.4 + 17.5 GB for 7b). `--reference` measures
 * PyTorch on the same card afterwards (reference.py), where it is installed. `--layers` shortens decoder and tower, to
 * try the benchmark itself.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { forget, frameRange, shownFrames, wholeMemory } from '../../../engine/memory/forgetting.ts';
import { answerNeeds, encodeNeeds } from '../../../engine/models/needs.ts';
import { buildModelPackage, readModelSpec } from '../../../engine/models/package.ts';
import type { FeatureSource } from '../../../engine/protocol/features.ts';
import { openHourLlava, type HourLlava } from '../../../engine/runtime/hour-llava.ts';
import { writeReleasedCheckpoint } from '../../fixtures/released-checkpoint.ts';
import { describeMachine, median } from '../support.ts';
import { watchGraphicsMemory } from './graphics-memory.ts';

const options = z.object({
  size: z.enum(['3b', '7b']), weights: z.enum(['float32', 'float16', 'int8', 'int4']), provider: z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']),
  minutes: z.coerce.number(), frames: z.coerce.number(), tokens: z.coerce.number(), questions: z.coerce.number(),
  directory: z.string().optional(), layers: z.coerce.number().optional(), reference: z.boolean().default(false),
}).parse(parseArgs({
  options: {
    size: { type: 'string', default: '3b' }, weights: { type: 'string', default: 'float16' }, provider: { type: 'string', default: 'webgpu' },
    minutes: { type: 'string', default: '60' }, frames: { type: 'string', default: '64' }, tokens: { type: 'string', default: '64' }, questions: { type: 'string', default: '3' },
    directory: { type: 'string' }, layers: { type: 'string' }, reference: { type: 'boolean' },
  },
}).values);

const kept = options.directory;
const directory = kept ?? mkdtempSync(path.join(tmpdir(), 'longtake-gpu-bench-'));
try {
  const name = `${options.size}${options.layers === undefined ? '' : `-${String(options.layers)}-layers`}`;
  const checkpoint = path.join(directory, name);
  const packageDirectory = path.join(directory, `${name}-${options.weights}`);
  const importing = await prepare(checkpoint, packageDirectory);
  const spec = await readModelSpec(packageDirectory);
  const seconds = Math.round(options.minutes * 60);
  const memoryTokens = seconds * (spec.tokensPerFrame + 1);
  const encode = await benchEncode(packageDirectory);
  const ask = await benchAsk(packageDirectory, seconds);
  const compute = encode.compute;
  const estimate = { encodeBytes: encodeNeeds(spec, compute), ask: answerNeeds(spec, spec.weights, compute, memoryTokens) };
  const reference = options.reference ? await runReference(spec.text.layers) : undefined;
  console.log(JSON.stringify({ machine: describeMachine(), ...options, seconds, memoryTokens, import: importing, encode, ask, estimate, reference }));
} finally {
  if (kept === undefined) rmSync(directory, { recursive: true, force: true });
}

async function prepare(checkpoint: string, packageDirectory: string): Promise<Record<string, number> | undefined> {
  if (existsSync(path.join(packageDirectory, 'model.json'))) return undefined;
  const { layers } = options;
  if (!existsSync(path.join(checkpoint, 'config.json'))) {
    await writeReleasedCheckpoint(checkpoint, options.size, layers === undefined ? {} : { layers, towerLayers: layers });
  }
  const startedMs = performance.now();
  const spec = await buildModelPackage(checkpoint, packageDirectory, { weights: options.weights });
  return { seconds: (performance.now() - startedMs) / 1000, packageBytes: spec.byteLength, peakRssBytes: process.resourceUsage().maxRSS * 1024 };
}

async function benchEncode(packageDirectory: string): Promise<{ readonly provider: string; readonly compute: 'float32' | 'float16'; readonly framesPerSecond: number; readonly graphicsBytes: number | null }> {
  const watch = await watchGraphicsMemory();
  const model = await openHourLlava(packageDirectory, { provider: options.provider, parts: 'encode' });
  const { imageSize } = model.spec.vision;
  const frames = Uint8Array.from({ length: options.frames * imageSize ** 2 * 3 }, (_, index) => (index * 2_654_435_761) >>> 24);
  await model.encodeFrames(frames.subarray(0, imageSize ** 2 * 3), 1); // compiles
  const startedMs = performance.now();
  await model.encodeFrames(frames, options.frames);
  const framesPerSecond = (1000 * options.frames) / (performance.now() - startedMs);
  const result = { provider: model.provider, compute: model.compute, framesPerSecond };
  await model.dispose();
  return { ...result, graphicsBytes: await watch.stop() };
}

async function benchAsk(packageDirectory: string, seconds: number): Promise<Record<string, unknown>> {
  const watch = await watchGraphicsMemory();
  const loadedMs = performance.now();
  const model = await openHourLlava(packageDirectory, { provider: options.provider, parts: 'answer' });
  const loadSeconds = (performance.now() - loadedMs) / 1000;
  const features = randomFeatures(model, seconds);
  const shown = shownFrames(frameRange(0, seconds));
  const memoryMs = performance.now();
  using cross = await model.buildCrossMemory(features, wholeMemory(shown, model.spec.tokensPerFrame));
  const memorySeconds = (performance.now() - memoryMs) / 1000;
  const retained = forget(shown, model.spec.vision.poolGrid, { kind: 'uniform' });
  const firstTokenSeconds: number[] = [];
  const steps: number[] = [];
  for (let question = 0; question < options.questions; question += 1) {
    const words = Array.from({ length: 40 }, (_, index) => 20 + ((index * 7 + question * 13) % 380));
    const inputIds = Int32Array.of(421, 372, 418, 198, 422, 198, 421, 84, 373, 198, -200, 198, ...words, 422, 198, 421, 64, 298, 317, 198);
    const startedMs = performance.now();
    const generation = await model.prefill({ inputIds, features, cross, retained });
    firstTokenSeconds.push((performance.now() - startedMs) / 1000);
    if (question === options.questions - 1) {
      for (let step = 0; step < options.tokens; step += 1) {
        const stepMs = performance.now();
        await generation.next(20 + step);
        steps.push((performance.now() - stepMs) / 1000);
      }
    }
    generation.dispose();
  }
  const result = {
    loadSeconds, memorySeconds, firstTokenSeconds, laterFirstTokenSeconds: median(firstTokenSeconds.slice(1)), tokensPerSecond: 1 / median(steps),
    videoTokens: retained.tokens.length, peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  await model.dispose();
  return { ...result, graphicsBytes: await watch.stop() };
}

/** Features of a wave: nothing is known of what the real tower gives for noise. */
function randomFeatures(model: HourLlava, frameCount: number): FeatureSource {
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

/** PyTorch's own numbers of the same shapes on the same card; why not, where there are none. */
async function runReference(layers: number): Promise<unknown> {
  const script = path.join(import.meta.dirname, 'reference.py');
  try {
    const { stdout } = await promisify(execFile)('python3', [script, options.size, '--minutes', String(options.minutes), '--layers', String(layers)], { maxBuffer: 1 << 20 });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown;
  } catch (error) {
    return { missing: error instanceof Error ? error.message.split('\n').at(-2) ?? error.message : String(error) };
  }
}
