/** Run by memaug.test.ts in a process of its own, on a software driver: for each kernel around MemAug's products the worst error, as JSON. */
import { writeSync } from 'node:fs';
import { keySharesShader, keysPerGroup, rowTotalsNeeds, rowTotalsShader } from '../../engine/kernels/attention-shares-shader.ts';
import { createStorage, readNumbers, writeBytes, writeNumbers } from '../../engine/kernels/device-buffers.ts';
import type { DeviceNumbers, Element } from '../../engine/kernels/elements.ts';
import { GatherKernel } from '../../engine/kernels/gather-kernel.ts';
import { openGraphicsDevice } from '../../engine/kernels/graphics-device.ts';
import { pipelineOf } from '../../engine/kernels/pipelines.ts';
import { floatWord, Recording } from '../../engine/kernels/recording.ts';
import { RotateKernel } from '../../engine/kernels/rotate-kernel.ts';
import { Submissions } from '../../engine/kernels/submissions.ts';
import { peakedNumbers } from './attention-reference.ts';

const graphics = await openGraphicsDevice();
const submissions = new Submissions(graphics);
const numbers = (element: Element, values: Float32Array<ArrayBuffer>): DeviceNumbers => element === 'f32' ? values : new Float16Array(values);
const held = async (values: DeviceNumbers | Uint32Array<ArrayBuffer>) => {
  const buffer = await createStorage(graphics, values.byteLength, 'a test');
  if (values instanceof Uint32Array) writeBytes(graphics, buffer, 0, new Uint8Array(values.buffer));
  else writeNumbers(graphics, buffer, 0, values);
  return buffer;
};
const run = async (record: (recording: Recording) => void) => {
  const recording = new Recording(graphics);
  record(recording);
  await submissions.run(recording.steps);
  recording.dispose();
};
const worst = (found: ArrayLike<number>, wanted: readonly number[]) => wanted.reduce((most, number, index) => Math.max(most, Number.isFinite(found[index]) ? Math.abs(number - (found[index] as number)) : Infinity), 0);
const report: Record<string, number> = {};

for (const [element, heads, headSize, rotarySize] of [['f32', 3, 8, 4], ['f16', 2, 32, 16]] as const) {
  const [rowCount, firstRow] = [7, 2];
  const width = heads * headSize;
  const rows = numbers(element, peakedNumbers((firstRow + rowCount) * width, 1));
  const angles = Float32Array.from({ length: rowCount * rotarySize / 2 }, (_, index) => index * 0.7);
  const buffer = await held(rows);
  const kernel = await RotateKernel.create(graphics, { heads, headSize, rotarySize, element });
  const [cosine, sine] = [await held(angles.map(Math.cos)), await held(angles.map(Math.sin))];
  await run((recording) => { kernel.record(recording, { rows: buffer, firstRow, rowCount, cosine, sine }); });
  const found = numbers(element, new Float32Array(rows.length));
  await readNumbers(graphics, buffer, 0, found);
  report[`rotation (${element})`] = worst(found, Array.from(rows, (value, place) => {
    const [row, channel] = [Math.floor(place / width) - firstRow, place % headSize];
    if (row < 0 || channel >= rotarySize) return value;
    const isFirst = channel < rotarySize / 2;
    const angle = angles[row * rotarySize / 2 + channel % (rotarySize / 2)] as number;
    const other = rows[place + (isFirst ? 1 : -1) * rotarySize / 2] as number;
    return value * Math.cos(angle) + (isFirst ? -1 : 1) * other * Math.sin(angle);
  }));
}

{
  const [channels, indices] = [24, Uint32Array.of(4, 0, 4, 2, 3)];
  const source = peakedNumbers(5 * channels, 2);
  const result = await held(new Float32Array(7 * channels));
  const kernel = await GatherKernel.create(graphics, channels, 'f32');
  const [from, chosen] = [await held(source), await held(indices)];
  await run((recording) => { kernel.record(recording, { source: from, indices: chosen, result, rows: indices.length, resultRow: 1 }); });
  const found = new Float32Array(7 * channels);
  await readNumbers(graphics, result, 0, found);
  report['gathered rows'] = worst(found, Array.from(found, (_, place) => {
    const index = indices[Math.floor(place / channels) - 1];
    return index === undefined ? 0 : source[index * channels + place % channels] as number;
  }));
}

{
  const [heads, keyHeads, headSize, rows, keys] = [4, 2, 16, 3, 150];
  const members = heads / keyHeads;
  const shape = { heads, keyHeads, headSize, element: 'f32' } as const;
  const [query, key, weights] = [peakedNumbers(rows * heads * headSize, 3), peakedNumbers(keys * keyHeads * headSize, 4), Float32Array.of(0.5, 0.375, 0.125)];
  const buffers = { queries: await held(query), keys: await held(key), totals: await held(new Float32Array(rows * heads)), weights: await held(weights), shares: await held(new Float32Array(keyHeads * keys)) };
  const totals = await pipelineOf(graphics, 'totals', rowTotalsShader(shape, true), rowTotalsNeeds(shape));
  const shares = await pipelineOf(graphics, 'shares', keySharesShader(shape), { invocations: keysPerGroup, bytes: 0 });
  const words = [keys, rows, floatWord(Math.LOG2E / Math.sqrt(headSize))] as const;
  await run((recording) => {
    recording.add({ pipeline: totals, buffers: [buffers.queries, buffers.keys, buffers.totals, buffers.weights], words, groups: [rows, keyHeads, 1], cost: 1 });
    recording.add({ pipeline: shares, buffers: [buffers.queries, buffers.keys, buffers.totals, buffers.shares], words, groups: [Math.ceil(keys / keysPerGroup), keyHeads, 1], cost: 1 });
  });
  const found = new Float32Array(keyHeads * keys);
  await readNumbers(graphics, buffers.shares, 0, found);
  const wanted = new Array<number>(keyHeads * keys).fill(0);
  for (let row = 0; row < rows; row += 1) for (let member = 0; member < members; member += 1) for (let head = 0; head < keyHeads; head += 1) {
    const exponentials = Array.from({ length: keys }, (_, column) => {
      let score = 0;
      for (let channel = 0; channel < headSize; channel += 1) score += (query[((row * members + member) * keyHeads + head) * headSize + channel] as number) * (key[(column * keyHeads + head) * headSize + channel] as number);
      return Math.exp(score / Math.sqrt(headSize));
    });
    const total = exponentials.reduce((sum, one) => sum + one, 0);
    exponentials.forEach((one, column) => { wanted[head * keys + column] = (wanted[head * keys + column] as number) + (weights[row] as number) * one / total; });
  }
  report['weighted shares'] = worst(found, wanted);
}
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
