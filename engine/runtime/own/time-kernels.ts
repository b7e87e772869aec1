import { createStorage } from '../../kernels/device-buffers.ts';
import { LinearKernel } from '../../kernels/linear-kernel.ts';
import { weightBytes } from '../../kernels/linear-shape.ts';
import type { LinearShape } from '../../kernels/linear-shape.ts';
import { Recording } from '../../kernels/recording.ts';
import type { Step } from '../../kernels/recording.ts';
import { OwnDevice } from './own-device.ts';

/** What products on a device's matrix units take, and one row. */
export type KernelSpeed = {
  readonly operationsPerSecond: number;
  readonly bytesPerSecond: number;
  /** From one kernel to the next that needs its result. */
  readonly secondsPerKernel: number;
};

const linear = (inputs: number, outputs: number): LinearShape => ({ inputs, outputs, element: 'f16', weight: 'f16', stored: 'f16', biased: false, activation: 'none', adds: false });
const products = { rows: 4096, shape: linear(2048, 2048), repeats: 16 } as const;
/** As wide as gate and up of a released model; with several copies of it, which no cache of a device holds. */
const single = { shape: linear(2048, 22_016), copies: 4, repeats: 16 } as const;
const tiny = { shape: linear(64, 64), repeats: 128 } as const;
const runs = 4;

/** Times our own kernels on the device that they run on: about half a second of a large card. Throws `provider-unavailable`, `out-of-memory`, `device-failed`. */
export async function timeKernels(): Promise<KernelSpeed> {
  const own = await OwnDevice.open('float16', 'matrix');
  try {
    const { rows, shape, repeats } = products;
    const matrix = await timed(own, shape, 'matrix', rows, 1, repeats);
    const row = await timed(own, single.shape, 'rows', 1, single.copies, single.repeats);
    const secondsPerKernel = await timed(own, tiny.shape, 'rows', 1, 1, tiny.repeats);
    return { operationsPerSecond: 2 * rows * shape.inputs * shape.outputs / matrix, bytesPerSecond: weightBytes(single.shape) / row, secondsPerKernel };
  } finally {
    await own.dispose();
  }
}

/** Seconds of one product among many that wait for each other, in the fastest of a few runs. */
async function timed(own: OwnDevice, shape: LinearShape, way: 'matrix' | 'rows', rows: number, copies: number, repeats: number): Promise<number> {
  const kernel = await LinearKernel.create(own.graphics, shape, way);
  const weights: { weight: GPUBuffer }[] = [];
  for (let copy = 0; copy < copies; copy += 1) weights.push({ weight: await createStorage(own.graphics, weightBytes(shape), 'a trial') });
  const [input, result] = [await own.rows(rows, shape.inputs, 'a trial'), await own.rows(rows, shape.outputs, 'a trial')];
  const recording = new Recording(own.graphics);
  for (let repeat = 0; repeat < repeats; repeat += 1) kernel.record(recording, { input, weights: weights[repeat % copies] as { weight: GPUBuffer }, result, rows });
  let seconds = Infinity;
  // The first run finds how much the device gets through in one submission.
  for (let run = 0; run <= runs; run += 1) seconds = Math.min(seconds, await secondsOf(own, recording.steps));
  recording.dispose();
  for (const buffer of [input, result, ...weights.map(({ weight }) => weight)]) buffer.destroy();
  return seconds / repeats;
}

async function secondsOf(own: OwnDevice, steps: readonly Step[]): Promise<number> {
  const startedMs = performance.now();
  await own.submissions.run(steps);
  return (performance.now() - startedMs) / 1000;
}
