/**
 * Run by attention.test.ts in a process of its own, on a software driver: many sequences one behind the other, in the plain spelling
 * and in that for matrix units with its matrices spelled out. For each case the worst error, as JSON; infinite where a
 * sequence of NaNs changes a byte of the others.
 */
import { writeSync } from 'node:fs';
import { AttentionKernel } from '../../engine/kernels/attention-kernel.ts';
import { attentionShader } from '../../engine/kernels/attention-shader.ts';
import { tileRows, threads, workgroupBytes } from '../../engine/kernels/attention-tiles.ts';
import type { AttentionShape, AttentionTiles } from '../../engine/kernels/attention-tiles.ts';
import { createStorage, readNumbers, writeNumbers } from '../../engine/kernels/device-buffers.ts';
import type { DeviceNumbers } from '../../engine/kernels/elements.ts';
import { openGraphicsDevice } from '../../engine/kernels/graphics-device.ts';
import { pipelineOf } from '../../engine/kernels/pipelines.ts';
import { floatWord, Recording } from '../../engine/kernels/recording.ts';
import { Submissions } from '../../engine/kernels/submissions.ts';
import { attentionOf, peakedNumbers } from './attention-reference.ts';
import { matricesSpelledOut, spelledSubgroup } from './matrices-spelled-out.ts';

const [rows, sequences, keyHeads, scale] = [53, 3, 2, 0.3];
const tiles: AttentionTiles = { subgroups: 2, subgroupSize: spelledSubgroup, rowsPerSubgroup: 16, keys: 16, staged: true, ahead: false, queriesStay: false };
const wider = { ...tiles, keys: 32, ahead: true, queriesStay: true };
const shapes: Readonly<Record<string, AttentionShape>> = {
  'floats, heads that are no multiple of a tile\'s keys': { headSize: 24, keyHeads, element: 'f32', spelling: 'plain', tiles, sequences: { rows } },
  'halves': { headSize: 16, keyHeads, element: 'f16', spelling: 'plain', tiles, sequences: { rows } },
  'matrices of halves, heads of 80 channels': { headSize: 80, keyHeads, element: 'f16', spelling: 'matrix', tiles: wider, sequences: { rows } },
  'matrices of halves, one sequence': { headSize: 32, keyHeads, element: 'f16', spelling: 'matrix', tiles: wider },
};

const graphics = await openGraphicsDevice();
const submissions = new Submissions(graphics);
const report: Record<string, number> = {};
for (const [name, shape] of Object.entries(shapes)) {
  const width = keyHeads * shape.headSize;
  const packed = shape.sequences === undefined ? 1 : 3;
  const count = shape.sequences === undefined ? 1 : sequences;
  const padded = (count - 1) * rows + Math.ceil(rows / tileRows(shape.tiles)) * tileRows(shape.tiles);
  const numbers = (size: number, seed: number): DeviceNumbers => shape.element === 'f32' ? peakedNumbers(size, seed) : new Float16Array(peakedNumbers(size, seed));
  const held = async (values: DeviceNumbers, size: number) => {
    const buffer = await createStorage(graphics, size * values.BYTES_PER_ELEMENT, 'a test');
    writeNumbers(graphics, buffer, 0, values);
    return buffer;
  };
  const run = async (inputs: readonly DeviceNumbers[]): Promise<DeviceNumbers> => {
    const buffers = await Promise.all(inputs.map((values) => held(values, padded * packed * width)));
    const [queries, key, value] = packed === 3 ? [buffers[0], buffers[0], buffers[0]] : buffers;
    const result = await createStorage(graphics, padded * width * (inputs[0] as DeviceNumbers).BYTES_PER_ELEMENT, 'a test');
    if (queries === undefined || key === undefined || value === undefined) throw new Error('there are three');
    const recording = new Recording(graphics);
    if (shape.spelling === 'plain') {
      const kernel = await AttentionKernel.create(graphics, shape);
      kernel.record(recording, { queries, memory: { key, value, keyCount: rows }, result, rows, scale, sequences: count });
    } else {
      recording.add({
        pipeline: await pipelineOf(graphics, 'attention', matricesSpelledOut(attentionShader(shape)), { invocations: threads(shape.tiles), bytes: workgroupBytes(shape) }),
        buffers: [queries, key, value, result], words: [rows, floatWord(scale * Math.LOG2E), 0], groups: [Math.ceil(rows / tileRows(shape.tiles)), keyHeads, count], cost: 1,
      });
    }
    await submissions.run(recording.steps);
    const found = new ((inputs[0] as DeviceNumbers).constructor as new (length: number) => DeviceNumbers)(count * rows * width);
    await readNumbers(graphics, result, 0, found);
    return found;
  };
  const inputs = packed === 3 ? [numbers(count * rows * 3 * width, 1)] : [1, 2, 3].map((seed) => numbers(rows * width, seed));
  /** [rows, width] of a sequence. */
  const part = (index: number, sequence: number) => packed === 1 ? inputs[index] as DeviceNumbers : (inputs[0] as DeviceNumbers).filter((_, place) =>
    Math.floor(place / (3 * width * rows)) === sequence && Math.floor(place / width) % 3 === index) as DeviceNumbers;
  const found = await run(inputs);
  let worst = 0;
  for (let sequence = 0; sequence < count; sequence += 1) {
    const [query, key, value] = [part(0, sequence), part(1, sequence), part(2, sequence)];
    for (let row = 0; row < rows; row += 1) {
      attentionOf(query, key, value, row, keyHeads, shape.headSize, scale).forEach((wanted, channel) => {
        const error = Math.abs(wanted - (found[(sequence * rows + row) * width + channel] as number));
        worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
      });
    }
  }
  if (packed === 3) {
    const spoilt = (inputs[0] as DeviceNumbers).slice() as DeviceNumbers;
    spoilt.fill(NaN, rows * 3 * width, 2 * rows * 3 * width);
    const others = await run([spoilt]);
    const isOther = (index: number) => Math.floor(index / (rows * width)) !== 1;
    if (!found.every((number, index) => isOther(index) ? others[index] === number : Number.isNaN(others[index]))) worst = Infinity;
  }
  report[name] = worst;
}
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
