/**
 * Linear layers of the released models' shapes, against float64 and the clock: many rows on matrix units in ways of cutting them
 * (TFLOP/s), and one row, which is nothing but reading the weight (GB/s; the card's own copy is printed beside). Each result is a
 * line of JSON on stdout.
 *   node tests/bench/gpu/linear.ts [--size 3b|7b] [--rows 8704] [--weights f16,int8,int4] [--layers up,qkv,…] [--tiles 4x2x32x64,…]
 *     [--slices 64x4x4,…] [--runs 5] [--toggles a,b] [--only matrix|rows]
 * `--tiles` are subgroups below and beside each other, rows and columns of one; `--slices` are slices, teams and columns of
 * `RowsTiles`. Without a value all of `variants` run for the widest layer, and for the others what would be chosen.
 */
import { parseArgs } from 'node:util';
import { createStorage, readNumbers, writeBytes, writeNumbers } from '../../../engine/kernels/device-buffers.ts';
import { openGraphicsDevice } from '../../../engine/kernels/graphics-device.ts';
import { LinearKernel } from '../../../engine/kernels/linear-kernel.ts';
import type { LinearWay, LinearWeights } from '../../../engine/kernels/linear-kernel.ts';
import { isQuantised, weightBytes } from '../../../engine/kernels/linear-shape.ts';
import type { LinearShape, WeightLayout } from '../../../engine/kernels/linear-shape.ts';
import { Recording } from '../../../engine/kernels/recording.ts';
import { Submissions } from '../../../engine/kernels/submissions.ts';
import { peakedHalves, peakedNumbers } from '../../kernels/attention-reference.ts';
import { heldWeight, linearOf } from '../../kernels/linear-reference.ts';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '3b' }, rows: { type: 'string', default: '8704' }, weights: { type: 'string', default: 'f16,int8,int4' }, layers: { type: 'string', default: '' }, tiles: { type: 'string', default: '' },
    slices: { type: 'string', default: '' }, runs: { type: 'string', default: '5' }, toggles: { type: 'string', default: '' }, only: { type: 'string', default: '' },
  },
});
const [hidden, keys, intermediate, vocabulary] = options.size === '7b' ? [3584, 512, 18_944, 152_064] as const : [2048, 256, 11_008, 151_936] as const;
/** Inputs and outputs; those marked are multiplied with many rows, with one, or with both. */
const layers: Readonly<Record<string, { readonly inputs: number; readonly outputs: number; readonly of: 'many' | 'one' | 'both' }>> = {
  gate_up: { inputs: hidden, outputs: 2 * intermediate, of: 'both' }, down: { inputs: intermediate, outputs: hidden, of: 'both' },
  qkv: { inputs: hidden, outputs: hidden + 2 * keys, of: 'both' }, output: { inputs: hidden, outputs: hidden, of: 'both' },
  memaug_up: { inputs: hidden, outputs: 4 * hidden, of: 'many' }, memaug_down: { inputs: 4 * hidden, outputs: hidden, of: 'many' },
  memory_key: { inputs: hidden, outputs: keys, of: 'many' }, projector: { inputs: 1152, outputs: hidden, of: 'many' },
  head: { inputs: hidden, outputs: vocabulary, of: 'one' },
};
const variants = { matrix: ['4x2x32x64', '2x4x64x32', '2x2x64x64', '4x2x32x32', '2x4x32x32', '4x4x32x32', '8x1x16x64'], rows: ['32x4x4', '64x4x4', '128x4x4', '64x8x4', '32x8x4', '32x8x8', '16x16x4', '64x2x4', '128x2x4'] };

const graphics = await openGraphicsDevice(options.toggles === '' ? [] : options.toggles.split(','));
const submissions = new Submissions(graphics);
const print = (line: object) => { process.stdout.write(`${JSON.stringify(line)}\n`); };
print({ adapter: graphics.adapter.info.description, matrices: graphics.multipliesMatrices, toggles: options.toggles, size: options.size });

const wayOf = (kind: 'matrix' | 'rows', name: string): LinearWay => {
  const [one = NaN, two = NaN, three = NaN, four = NaN] = name.split('x').map(Number);
  return kind === 'matrix' ? { kind, tiles: { down: one, across: two, rows: three, columns: four, subgroupSize: graphics.subgroupSize } } : { kind, tiles: { slices: one, teams: two, columns: three } };
};
const best = async (work: () => void): Promise<number> => {
  let seconds = Infinity;
  for (let run = 0; run <= Number(options.runs); run += 1) {
    await submissions.settle();
    const startedMs = performance.now();
    work();
    await submissions.settle();
    seconds = Math.min(seconds, (performance.now() - startedMs) / 1000);
  }
  return seconds;
};

/** What the card itself copies, read and write counted. */
async function copySpeed(): Promise<void> {
  const [size, times] = [512e6, 10];
  const [from, to] = [await createStorage(graphics, size, 'a copy'), await createStorage(graphics, size, 'a copy')];
  const seconds = await best(() => {
    const encoder = graphics.device.createCommandEncoder();
    for (let time = 0; time < times; time += 1) encoder.copyBufferToBuffer(from, 0, to, 0, size);
    graphics.device.queue.submit([encoder.finish()]);
  });
  print({ kind: 'copy', gigabytesPerSecond: 2 * times * size / seconds / 1e9 });
  from.destroy();
  to.destroy();
}

/** Random weights, in as many copies as no cache of a card holds; only the outputs that are checked are those of `meaning`. */
async function heldLayers(shape: LinearShape, copies: number): Promise<{ readonly all: LinearWeights[]; readonly meaning: Float32Array; readonly checked: number }> {
  const checked = 64;
  const numbers = peakedNumbers(checked * shape.inputs, 4).map((value) => 0.02 * value);
  // The first outputs are repeated to the last: what is right for them is known.
  const kept = heldWeight(numbers, checked, shape.inputs, shape.weight, 'f16');
  const whole = new Uint8Array(weightBytes(shape));
  if (isQuantised(shape.weight)) for (let start = 0; start < whole.length; start += kept.bytes.length) whole.set(kept.bytes.subarray(0, whole.length - start), start);
  else for (let row = 0; row < shape.inputs; row += 1) {
    const line = kept.bytes.subarray(row * checked * 2, (row + 1) * checked * 2);
    for (let column = 0; column < shape.outputs * 2; column += line.length) whole.set(line.subarray(0, shape.outputs * 2 - column), row * shape.outputs * 2 + column);
  }
  const scales = new Float16Array(shape.outputs * shape.inputs / 32);
  for (let place = 0; place < scales.length; place += 1) scales[place] = kept.scales[place % kept.scales.length] ?? 0;
  const all: LinearWeights[] = [];
  for (let copy = 0; copy < copies; copy += 1) {
    const held = { weight: await createStorage(graphics, whole.length, 'weights'), scales: await createStorage(graphics, scales.byteLength, 'weights') };
    writeBytes(graphics, held.weight, 0, whole);
    writeNumbers(graphics, held.scales, 0, scales);
    all.push(held);
  }
  return { all, meaning: kept.meaning, checked };
}

async function bench(name: string, kind: 'matrix' | 'rows', weight: WeightLayout): Promise<void> {
  const { inputs, outputs } = layers[name] as { readonly inputs: number; readonly outputs: number };
  const rows = kind === 'matrix' ? Number(options.rows) : 1;
  const shape: LinearShape = { inputs, outputs, element: 'f16', weight, stored: 'f16', biased: false, activation: 'none', adds: false };
  const copies = kind === 'matrix' ? 1 : Math.min(16, Math.ceil(300e6 / weightBytes(shape)));
  const { all, meaning, checked } = await heldLayers(shape, copies);
  const input = peakedHalves(rows * inputs, 1);
  const [source, result] = [await createStorage(graphics, input.byteLength, 'rows'), await createStorage(graphics, rows * outputs * 2, 'rows')];
  writeNumbers(graphics, source, 0, input);
  const given = kind === 'matrix' ? options.tiles : options.slices;
  const ways = given !== '' ? given.split(',') : name === 'gate_up' ? ['chosen', ...variants[kind]] : ['chosen'];
  for (const way of ways) {
    const recording = new Recording(graphics);
    try {
      const compileMs = performance.now();
      const kernel = await LinearKernel.create(graphics, shape, way === 'chosen' ? kind : wayOf(kind, way));
      const compiled = performance.now() - compileMs;
      const times = kind === 'matrix' ? 5 : Math.max(copies, 64);
      for (let time = 0; time < times; time += 1) kernel.record(recording, { input: source, weights: all[time % copies] as LinearWeights, result, rows });
      const seconds = await best(() => { submissions.submit(recording.steps); }) / times;
      const found = new Float16Array(rows * outputs);
      await readNumbers(graphics, result, 0, found);
      const last = Math.floor(outputs / checked - 1) * checked;
      let [worst, squares] = [0, 0];
      for (const row of [0, Math.floor(rows / 2), rows - 1]) {
        const wanted = linearOf(input.subarray(row * inputs, (row + 1) * inputs), meaning, 1, inputs, checked, { bias: undefined, activation: 'none', before: undefined });
        for (const start of [0, last]) wanted.forEach((number, place) => { worst = Math.max(worst, Math.abs(number - (found[row * outputs + start + place] as number)) || (Number.isFinite(found[row * outputs + start + place]) ? 0 : Infinity)); });
        squares += wanted.reduce((sum, number) => sum + number ** 2, 0) / checked / 3;
      }
      const moved = weightBytes(shape) + (isQuantised(weight) ? outputs * inputs / 32 * 2 : 0);
      print({ kind, layer: name, weight, way: way === 'chosen' ? kernel.way.tiles : way, rows, microseconds: 1e6 * seconds,
        ...(kind === 'matrix' ? { teraflops: 2 * rows * inputs * outputs / seconds / 1e12 } : { gigabytesPerSecond: moved / seconds / 1e9 }), worst, size: Math.sqrt(squares), compiled });
    } catch (error) {
      print({ kind, layer: name, weight, way, failed: error instanceof Error ? error.message.slice(0, 600) : String(error) });
    } finally {
      recording.dispose();
    }
  }
  for (const buffer of [source, result, ...all.flatMap((one) => [one.weight, one.scales])]) buffer?.destroy();
}

await copySpeed();
for (const weight of options.weights.split(',') as WeightLayout[]) {
  for (const [name, { of }] of Object.entries(layers)) {
    if (options.layers !== '' && !options.layers.split(',').includes(name)) continue;
    if (of !== 'one' && options.only !== 'rows' && graphics.multipliesMatrices) await bench(name, 'matrix', weight);
    if (of !== 'many' && options.only !== 'matrix') await bench(name, 'rows', weight);
  }
}
graphics.destroy();
