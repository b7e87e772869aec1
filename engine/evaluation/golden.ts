import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SafetensorsFile } from '../checkpoint/safetensors.ts';
import { forget, frameRange, shownFrames, wholeMemory } from '../memory/forgetting.ts';
import { buildModelPackage } from '../models/package.ts';
import type { WeightFormat } from '../models/weight-store.ts';
import type { FeatureSource } from '../protocol/features.ts';
import { openVideoModel } from '../runtime/video-model.ts';
import type { Generation, VideoModel } from '../runtime/video-model.ts';
import type { ProviderChoice } from '../runtime/providers.ts';
import type { Device } from '../runtime/session.ts';
import { indexOfLargest } from '../runtime/sampling.ts';

/** Worst errors of each stage, relative to the largest magnitude of what was expected. */
export type GoldenCase = {
  readonly name: string;
  readonly textMask: 'train' | 'all';
  readonly memaugInputMean: number;
  readonly memaugOutput: number;
  /** Length of the difference over length of what was expected: the typical error, where `memaugOutput` is the worst row's. */
  readonly memaugOutputTypical: number;
  readonly embeddingsMean: number;
  readonly logits: number;
  /** Greedy tokens that agree before the first that does not. */
  readonly agreeingTokens: number;
  readonly expectedTokens: number;
  readonly seconds: number;
};

export type GoldenReport = {
  readonly provider: string;
  readonly compute: string;
  readonly augmenter: string;
  readonly decoder: string;
  readonly tower: string;
  readonly weights: WeightFormat;
  /** Tower before pooling, relative as above. */
  readonly vision: number;
  readonly cases: readonly GoldenCase[];
};

export type GoldenOptions = {
  readonly provider?: ProviderChoice;
  readonly weights?: WeightFormat;
  readonly threads?: number;
  /** As in `OpenOptions`. */
  readonly device?: Device;
  /** As in `OpenOptions`. */
  readonly kernels?: 'auto' | 'onnxruntime' | 'plain';
  /** As in `BuildOptions`. */
  readonly slotsPerRun?: number;
  /** Which cases; default all. */
  readonly only?: (name: string, textMask: string) => boolean;
  readonly onCase?: (result: GoldenCase) => void;
};

const expectedSchema = z.object({
  cases: z.array(z.object({
    name: z.string(),
    text_mask: z.enum(['train', 'all']),
    frames: z.int(),
    input_ids: z.array(z.int()),
    memory_tokens: z.int(),
    query_tokens: z.int(),
    sequence_length: z.int(),
    greedy: z.array(z.int()),
    memaug_output_stride: z.int(),
  })),
});

type ExpectedCase = z.infer<typeof expectedSchema>['cases'][number];

/**
 * Runs the golden fixture, a checkpoint with what the authors' own modules compute from it, and measures every stage.
 * `directory` holds `expected.json`, `expected.safetensors` and the checkpoint.
 */
export async function runGolden(directory: string, options: GoldenOptions = {}): Promise<GoldenReport> {
  const weights = options.weights ?? 'float32';
  const packageDirectory = join(await mkdtemp(join(tmpdir(), 'longtake-golden-')), 'package');
  const tensors = await SafetensorsFile.open(join(directory, 'expected.safetensors'));
  try {
    await buildModelPackage(directory, packageDirectory, { weights });
    const model = await openVideoModel(packageDirectory, {
      provider: options.provider ?? 'cpu',
      ...(options.threads === undefined ? {} : { threads: options.threads }),
      ...(options.device === undefined ? {} : { device: options.device }),
      kernels: options.kernels,
    });
    try {
      const { cases } = expectedSchema.parse(JSON.parse(await readFile(join(directory, 'expected.json'), 'utf8')));
      const vision = await compareVision(model, tensors);
      const results: GoldenCase[] = [];
      for (const expected of cases.filter((entry) => options.only?.(entry.name, entry.text_mask) ?? true)) {
        const result = await runCase(model, tensors, expected, vision.features, options.slotsPerRun);
        results.push(result);
        options.onCase?.(result);
      }
      return { provider: model.provider, compute: model.compute, augmenter: model.augmenter, decoder: model.decoder, tower: model.tower, weights, vision: vision.error, cases: results };
    } finally {
      await model.dispose();
    }
  } finally {
    await tensors.close();
    await rm(join(packageDirectory, '..'), { recursive: true, force: true });
  }
}

async function compareVision(model: VideoModel, tensors: SafetensorsFile): Promise<{ error: number; features: Float32Array }> {
  const frames = await tensors.read('frames');
  const frameCount = tensors.entries.get('frames')?.shape[0] ?? 0;
  const expected = await floats(tensors, 'vision_features');
  const { patches, features } = await model.inspectFrames(frames, frameCount);
  return { error: relativeError(patches.subarray(0, expected.length), expected), features };
}

async function runCase(
  model: VideoModel, tensors: SafetensorsFile, expected: ExpectedCase, bank: Float32Array, slotsPerRun: number | undefined,
): Promise<GoldenCase> {
  const start = performance.now();
  const name = `${expected.name}.${expected.text_mask}`;
  const { tokensPerFrame, text, vision } = model.spec;
  const frameIndex = new Int32Array((await tensors.read(`${name}.frame_index`)).buffer);
  const source = bankSource(bank, frameIndex, tokensPerFrame * vision.channels);
  const shown = shownFrames(frameRange(0, expected.frames));
  const cross = await model.buildCrossMemory(source, wholeMemory(shown, tokensPerFrame), { slotsPerRun });
  const stages = new Map<string, Float32Array>();
  try {
    const generation = await model.prefill({
      inputIds: Int32Array.from(expected.input_ids), features: source, cross,
      retained: forget(shown, vision.poolGrid, { kind: 'uniform' }), textMask: expected.text_mask,
    }, { inspect: (stage, rows) => stages.set(stage, rows) });
    try {
      const output = everyRow(stages.get('memaug-output') ?? new Float32Array(), text.hidden, expected.memaug_output_stride);
      const expectedOutput = await floats(tensors, `${name}.memaug_output`);
      return {
        name: expected.name,
        textMask: expected.text_mask,
        memaugInputMean: relativeError(columnMeans(stages.get('memaug-input'), text.hidden), await floats(tensors, `${name}.memaug_input_mean`)),
        memaugOutput: relativeError(output, expectedOutput),
        memaugOutputTypical: typicalError(output, expectedOutput),
        embeddingsMean: relativeError(columnMeans(stages.get('embeddings'), text.hidden), await floats(tensors, `${name}.embeds_mean`)),
        logits: relativeError(generation.logits, await floats(tensors, `${name}.last_logits`)),
        agreeingTokens: await agreeingTokens(generation, expected.greedy),
        expectedTokens: expected.greedy.length,
        seconds: (performance.now() - start) / 1000,
      };
    } finally {
      generation.dispose();
    }
  } finally {
    cross.dispose();
  }
}

/** A memory whose every second shows one of a few frames. */
function bankSource(bank: Float32Array, frameIndex: Int32Array, frameLength: number): FeatureSource {
  return {
    frameCount: frameIndex.length,
    readFeatures: (from, to) => {
      const features = new Float32Array((to - from) * frameLength);
      for (let frame = from; frame < to; frame += 1) {
        const shown = frameIndex[frame] ?? 0;
        features.set(bank.subarray(shown * frameLength, (shown + 1) * frameLength), (frame - from) * frameLength);
      }
      return Promise.resolve(features);
    },
  };
}

async function agreeingTokens(generation: Generation, expected: readonly number[]): Promise<number> {
  let logits = generation.logits;
  for (const [index, token] of expected.entries()) {
    if (indexOfLargest(logits) !== token) return index;
    if (index + 1 < expected.length) logits = await generation.next(token);
  }
  return expected.length;
}

/** Largest difference over largest expected magnitude; infinite where the sizes differ or a number is not one. */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length || expected.length === 0) return Infinity;
  let difference = 0;
  let magnitude = 0;
  expected.forEach((value, index) => {
    const distance = Math.abs((found[index] as number) - value);
    difference = Number.isNaN(distance) ? Infinity : Math.max(difference, distance);
    magnitude = Math.max(magnitude, Math.abs(value));
  });
  return difference / magnitude;
}

/** Euclidean length of the difference over that of what was expected. */
export function typicalError(found: Float32Array, expected: Float32Array): number {
  if (found.length !== expected.length || expected.length === 0) return Infinity;
  let difference = 0;
  let magnitude = 0;
  expected.forEach((value, index) => {
    difference += ((found[index] as number) - value) ** 2;
    magnitude += value ** 2;
  });
  return Number.isNaN(difference) ? Infinity : Math.sqrt(difference / magnitude);
}

function columnMeans(rows: Float32Array | undefined, columns: number): Float32Array {
  const sums = new Float64Array(columns);
  const count = (rows?.length ?? 0) / columns;
  rows?.forEach((value, index) => { sums[index % columns] = (sums[index % columns] as number) + value; });
  return Float32Array.from(sums, (sum) => sum / count);
}

function everyRow(rows: Float32Array, columns: number, stride: number): Float32Array {
  const count = Math.ceil(rows.length / columns / stride);
  const picked = new Float32Array(count * columns);
  for (let row = 0; row < count; row += 1) {
    picked.set(rows.subarray(row * stride * columns, (row * stride + 1) * columns), row * columns);
  }
  return picked;
}

async function floats(tensors: SafetensorsFile, name: string): Promise<Float32Array> {
  return new Float32Array((await tensors.read(name)).buffer);
}
