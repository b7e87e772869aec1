/** Run by linear.test.ts in a process of its own, on a software driver: for each case the worst error, as JSON. */
import { writeSync } from 'node:fs';
import { createStorage, readNumbers, writeBytes, writeNumbers } from '../../engine/kernels/device-buffers.ts';
import type { DeviceNumbers, Element } from '../../engine/kernels/elements.ts';
import { openGraphicsDevice } from '../../engine/kernels/graphics-device.ts';
import { GateKernel } from '../../engine/kernels/gate-kernel.ts';
import { LinearKernel } from '../../engine/kernels/linear-kernel.ts';
import { isQuantised } from '../../engine/kernels/linear-shape.ts';
import type { Activation, LinearShape, WeightLayout } from '../../engine/kernels/linear-shape.ts';
import { NormKernel } from '../../engine/kernels/norm-kernel.ts';
import { Recording } from '../../engine/kernels/recording.ts';
import { Submissions } from '../../engine/kernels/submissions.ts';
import { peakedNumbers } from './attention-reference.ts';
import { gatedOf, heldWeight, linearOf, normOf } from './linear-reference.ts';

type Case = { readonly rows: number; readonly inputs: number; readonly outputs: number; readonly element: Element; readonly weight: WeightLayout; readonly stored?: Element; readonly biased?: boolean; readonly activation?: Activation; readonly adds?: boolean; readonly preparation?: 'rms-norm' | 'gated'; readonly resultElement?: Element };

const cases: Readonly<Record<string, Case>> = {
  'floats, one row': { rows: 1, inputs: 96, outputs: 40, element: 'f32', weight: 'f32' },
  'floats, many rows, bias, residual': { rows: 37, inputs: 48, outputs: 72, element: 'f32', weight: 'f32', biased: true, adds: true },
  'halves as weights of floats, GELU': { rows: 5, inputs: 56, outputs: 24, element: 'f32', weight: 'f16', stored: 'f16', biased: true, activation: 'gelu' },
  'halves, the approximated GELU': { rows: 9, inputs: 640, outputs: 136, element: 'f16', weight: 'f16', stored: 'f16', activation: 'gelu-tanh' },
  'eight bits, inputs that fill no block': { rows: 3, inputs: 72, outputs: 48, element: 'f32', weight: 'int8', biased: true },
  'eight bits of halves, SiLU': { rows: 1, inputs: 2080, outputs: 24, element: 'f16', weight: 'int8', stored: 'f16', biased: true, activation: 'silu' },
  'four bits, residual': { rows: 2, inputs: 160, outputs: 88, element: 'f32', weight: 'int4', stored: 'f16', adds: true },
  'normalised on the way, bias': { rows: 2, inputs: 96, outputs: 40, element: 'f32', weight: 'f32', stored: 'f16', biased: true, preparation: 'rms-norm' },
  'halves normalised on the way, a result of floats': { rows: 1, inputs: 2048, outputs: 72, element: 'f16', weight: 'f16', stored: 'f16', preparation: 'rms-norm', resultElement: 'f32' },
  'four bits, normalised on the way': { rows: 1, inputs: 72, outputs: 24, element: 'f32', weight: 'int4', preparation: 'rms-norm' },
  'gated on the way, residual': { rows: 3, inputs: 56, outputs: 32, element: 'f32', weight: 'f16', stored: 'f16', adds: true, preparation: 'gated' },
  'eight bits of halves, gated on the way': { rows: 2, inputs: 104, outputs: 16, element: 'f16', weight: 'int8', stored: 'f16', preparation: 'gated' },
  'four bits of halves': { rows: 4, inputs: 64, outputs: 16, element: 'f16', weight: 'int4', stored: 'f16' },
};

const graphics = await openGraphicsDevice();
const submissions = new Submissions(graphics);
const numbers = (element: Element, values: Float32Array<ArrayBuffer>): DeviceNumbers => element === 'f32' ? values : new Float16Array(values);
const held = async (values: DeviceNumbers) => {
  const buffer = await createStorage(graphics, values.byteLength, 'a test');
  writeNumbers(graphics, buffer, 0, values);
  return buffer;
};
const worstOf = (found: DeviceNumbers, wanted: Float64Array) => wanted.reduce((worst, number, index) => {
  const error = Math.abs(number - (found[index] ?? NaN));
  return Number.isNaN(error) ? Infinity : Math.max(worst, error);
}, 0);
const report: Record<string, number> = {};

for (const [name, { rows, inputs, outputs, element, weight, stored = 'f32', biased = false, activation = 'none', adds = false, preparation, resultElement = element }] of Object.entries(cases)) {
  const shape: LinearShape = { inputs, outputs, element, weight, stored, biased, activation, adds, resultElement, ...(preparation === undefined ? {} : { preparation: preparation === 'gated' ? { kind: preparation } : { kind: preparation, epsilon: 1e-5 } }) };
  const kernel = await LinearKernel.create(graphics, shape, 'rows');
  const input = numbers(element, peakedNumbers(rows * inputs * (preparation === 'gated' ? 2 : 1), 1));
  const normScale = numbers(stored, peakedNumbers(inputs, 6));
  const before = numbers(resultElement, peakedNumbers(rows * outputs, 2));
  const bias = numbers(stored, peakedNumbers(outputs, 3));
  const kept = heldWeight(peakedNumbers(outputs * inputs, 4).map((value) => 0.1 * value), outputs, inputs, weight, stored);
  const codes = await createStorage(graphics, kept.bytes.byteLength, 'a test');
  writeBytes(graphics, codes, 0, kept.bytes);
  const result = await held(before);
  const recording = new Recording(graphics);
  kernel.record(recording, {
    input: await held(input), result, rows,
    weights: { weight: codes, scales: isQuantised(weight) ? await held(kept.scales) : undefined, bias: biased ? await held(bias) : undefined, normScale: await held(normScale) },
  });
  const prepared = (rows: DeviceNumbers) => preparation === 'gated' ? gatedOf(rows, inputs) : preparation === 'rms-norm' ? normOf('rms', rows, normScale, normScale, inputs, 1e-5) : rows;
  await submissions.run(recording.steps);
  const found = numbers(resultElement, new Float32Array(rows * outputs));
  await readNumbers(graphics, result, 0, found);
  recording.dispose();
  report[`${name} (${element})`] = worstOf(found, linearOf(prepared(input), kept.meaning, rows, inputs, outputs, { bias: biased ? bias : undefined, activation, before: adds ? before : undefined }));
}

for (const [kind, channels, element, stored] of [['layer', 72, 'f32', 'f32'], ['rms', 2056, 'f32', 'f16'], ['layer', 2048, 'f16', 'f16'], ['rms', 64, 'f16', 'f16']] as const) {
  const rows = 5;
  const kernel = await NormKernel.create(graphics, { kind, channels, epsilon: 1e-5, element, stored });
  const input = numbers(element, peakedNumbers(rows * channels, 5).map((value, index) => value + 3 * Math.floor(index / channels)));
  const [scale, bias] = [numbers(stored, peakedNumbers(channels, 6)), numbers(stored, peakedNumbers(channels, 7))];
  const result = await held(numbers(element, new Float32Array(rows * channels)));
  const recording = new Recording(graphics);
  kernel.record(recording, { input: await held(input), scale: await held(scale), bias: await held(bias), result, rows });
  await submissions.run(recording.steps);
  const found = numbers(element, new Float32Array(rows * channels));
  await readNumbers(graphics, result, 0, found);
  recording.dispose();
  report[`${kind} norm of ${String(channels)} (${element})`] = worstOf(found, normOf(kind, input, scale, bias, channels, 1e-5));
}

for (const element of ['f32', 'f16'] as const) {
  const [rows, channels] = [3, 1032];
  const kernel = await GateKernel.create(graphics, channels, element);
  const input = numbers(element, peakedNumbers(rows * 2 * channels, 8));
  const result = await held(numbers(element, new Float32Array(rows * channels)));
  const recording = new Recording(graphics);
  kernel.record(recording, { input: await held(input), result, rows });
  await submissions.run(recording.steps);
  const found = numbers(element, new Float32Array(rows * channels));
  await readNumbers(graphics, result, 0, found);
  recording.dispose();
  report[`a gate (${element})`] = worstOf(found, gatedOf(input, channels));
}
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
