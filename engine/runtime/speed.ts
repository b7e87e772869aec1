import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { matMul } from '../graph/operators.ts';
import { decoderRowOperations, memaugRowOperations, visionOperations } from '../models/costs.ts';
import { answerNeeds } from '../models/needs.ts';
import type { ModelShape } from '../models/spec.ts';
import { askedTokens } from '../models/uniform-tokens.ts';
import type { WeightFormat } from '../models/weight-store.ts';
import { isDeviceFailure } from './device-failure.ts';
import { ownKernelsWork } from './examine-apart.ts';
import { stepKernels } from './own/decoder-kernels.ts';
import { timeKernels } from './own/time-kernels.ts';
import { chooseDevice, type ProviderChoice } from './providers.ts';
import type { Device, ProviderName } from './session.ts';
import { allocate, numberTensor } from './tensors.ts';

/** What this machine was measured to do. */
export type MachineSpeed = {
  readonly provider: ProviderName;
  /** Who computes answers there. */
  readonly kernels: 'own' | 'onnxruntime';
  /** Of a product of large matrices. */
  readonly operationsPerSecond: number;
  /** Of weights that are read once, as each token of an answer does. */
  readonly bytesPerSecond: number;
  /** What each kernel of a step takes besides; 0 where it is a part of `bytesPerSecond`. */
  readonly secondsPerKernel: number;
};

export type SpeedForecast = {
  readonly encodeSecondsPerMinute: number;
  readonly firstTokenSeconds: number;
  readonly tokensPerSecond: number;
};

/**
 * Times a product of matrices, and one of a vector with a matrix, where answers will be computed: by our own kernels where they work.
 * Takes about two seconds, and where kernels are tried for the first time some more.
 */
export async function measureSpeed(choice: ProviderChoice): Promise<MachineSpeed> {
  const device = await chooseDevice(choice, 'float16');
  if (await ownKernelsWork(device, 'float16')) {
    try {
      return { provider: device.provider, kernels: 'own', ...await timeKernels() };
    } catch (error) {
      if (!isDeviceFailure(error)) throw error; // then ONNX Runtime computes answers as well
    }
  }
  const width = 2048;
  const rows = device.keepsTensors ? 4096 : 512;
  const repeats = 4;
  const productSeconds = await timeProducts(device, rows, width, width, repeats);
  const weights = { rows: 1, inner: width, columns: 16_384 };
  const vectorSeconds = await timeProducts(device, weights.rows, weights.inner, weights.columns, 1);
  return {
    provider: device.provider, kernels: 'onnxruntime',
    operationsPerSecond: (repeats * 2 * rows * width * width) / productSeconds,
    bytesPerSecond: (weights.inner * weights.columns * (device.compute === 'float16' ? 2 : 4)) / vectorSeconds,
    secondsPerKernel: 0,
  };
}

/** Seconds of the fastest of a few runs: others compete for the machine. */
async function timeProducts(device: Device, rows: number, inner: number, columns: number, repeats: number): Promise<number> {
  const { compute } = device;
  const graph = new GraphBuilder('speed', 'Products of matrices, timed');
  const numbers = allocate(compute, inner * columns).fill(0.01);
  const weight = graph.constant('weight', compute, [inner, columns], new Uint8Array(numbers.buffer));
  let value = graph.input('rows', compute, [rows, inner]);
  for (let repeat = 0; repeat < repeats; repeat += 1) value = matMul(graph, value, weight, [rows, columns]);
  // Only a little comes back, so that the bus is not what is measured.
  graph.output('sums', graph.node({ operator: 'ReduceMean', inputs: [value], outputs: [{ type: compute, shape: [1, 1] }] }));
  const directory = await mkdtemp(join(tmpdir(), 'longtake-speed-'));
  try {
    const path = join(directory, 'speed.onnx');
    await writeFile(path, graph.encode());
    const session = await InferenceSession.create(path, {
      executionProviders: [device.provider], logSeverityLevel: 4, enableCpuMemArena: false, ...(device.threads === undefined ? {} : { intraOpNumThreads: device.threads }),
    });
    try {
      const feeds = { rows: numberTensor(allocate(compute, rows * inner).fill(0.01), [rows, inner]) };
      let best = Infinity;
      for (let run = 0; run < 4; run += 1) {
        const startedMs = performance.now();
        await session.run(feeds);
        if (run > 0) best = Math.min(best, (performance.now() - startedMs) / 1000); // the first one compiles
      }
      return best;
    } finally {
      await session.release();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const hourSeconds = 3600;
/** Rows of text around the video in a question. */
const textRows = 100;

/** What a model would do at that speed: operations that its shapes ask for, over those a second. */
export function forecastSpeed(shape: ModelShape, weights: WeightFormat, speed: MachineSpeed): SpeedForecast {
  const memoryTokens = askedTokens(shape, hourSeconds);
  const videoRows = shape.uniform === undefined ? Math.min(512, hourSeconds / 4) * (Math.ceil(shape.tokensPerFrame / 4) + 1) : memoryTokens;
  const rows = videoRows + textRows;
  const memaug = shape.memaugDepth * rows * memaugRowOperations(shape, rows, memoryTokens);
  const channels = shape.text.heads * shape.text.headSize;
  const prefill = rows * (decoderRowOperations(shape) + shape.text.layers * 2 * channels * rows);
  const { weightsBytes } = answerNeeds(shape, weights, speed.provider === 'cpu' ? 'float32' : 'float16', memoryTokens);
  return {
    encodeSecondsPerMinute: (60 * visionOperations(shape)) / speed.operationsPerSecond,
    firstTokenSeconds: (memaug + prefill) / speed.operationsPerSecond,
    tokensPerSecond: 1 / (weightsBytes / speed.bytesPerSecond + stepKernels(shape.text.layers) * speed.secondsPerKernel),
  };
}

/** In one word: faster than one waits for, bearable, for the patient, pointless. */
export function speedClass({ encodeSecondsPerMinute, firstTokenSeconds }: SpeedForecast): 'fast' | 'usable' | 'slow' | 'impractical' {
  if (encodeSecondsPerMinute <= 6 && firstTokenSeconds <= 15) return 'fast';
  if (encodeSecondsPerMinute <= 30 && firstTokenSeconds <= 60) return 'usable';
  return encodeSecondsPerMinute <= 240 && firstTokenSeconds <= 900 ? 'slow' : 'impractical';
}
