/**
 * Run by linear.test.ts in a process of its own, on a software driver: linear layers for matrix units with their matrices spelled
 * out, which is all but the units themselves. For each case the worst error, as JSON.
 */
import { writeSync } from 'node:fs';
import { createStorage, readNumbers, writeBytes, writeNumbers } from '../../engine/kernels/device-buffers.ts';
import { openGraphicsDevice } from '../../engine/kernels/graphics-device.ts';
import { linearMatrixNeeds, linearMatrixShader, matrixTileColumns, matrixTileRows } from '../../engine/kernels/linear-matrix-shader.ts';
import type { MatrixTiles } from '../../engine/kernels/linear-matrix-shader.ts';
import { isQuantised } from '../../engine/kernels/linear-shape.ts';
import type { LinearShape } from '../../engine/kernels/linear-shape.ts';
import { pipelineOf } from '../../engine/kernels/pipelines.ts';
import { Recording } from '../../engine/kernels/recording.ts';
import { Submissions } from '../../engine/kernels/submissions.ts';
import { peakedNumbers } from './attention-reference.ts';
import { heldWeight, linearOf } from './linear-reference.ts';
import { matricesSpelledOut, spelledSubgroup } from './matrices-spelled-out.ts';

const graphics = await openGraphicsDevice();
const held = async (values: Float16Array<ArrayBuffer>) => {
  const buffer = await createStorage(graphics, values.byteLength, 'a test');
  writeNumbers(graphics, buffer, 0, values);
  return buffer;
};
const [rows, inputs, outputs] = [37, 96, 72];
const report: Record<string, number> = {};
for (const [weight, subgroupRows, subgroupColumns] of [['f16', 32, 16], ['int8', 16, 32], ['int4', 16, 16]] as const) {
  const shape: LinearShape = { inputs, outputs, element: 'f16', weight, stored: 'f16', biased: true, activation: 'gelu', adds: true };
  const tiles: MatrixTiles = { down: 2, across: 2, subgroupSize: spelledSubgroup, rows: subgroupRows, columns: subgroupColumns };
  const pipeline = await pipelineOf(graphics, 'linear', matricesSpelledOut(linearMatrixShader(shape, tiles)), linearMatrixNeeds(shape, tiles));
  const [input, before, bias] = [new Float16Array(peakedNumbers(rows * inputs, 1)), new Float16Array(peakedNumbers(rows * outputs, 2)), new Float16Array(peakedNumbers(outputs, 3))];
  const kept = heldWeight(peakedNumbers(outputs * inputs, 4).map((value) => 0.1 * value), outputs, inputs, weight, 'f16');
  const codes = await createStorage(graphics, kept.bytes.byteLength, 'a test');
  writeBytes(graphics, codes, 0, kept.bytes);
  const result = await held(before);
  const recording = new Recording(graphics);
  recording.add({
    pipeline, buffers: [await held(input), codes, ...isQuantised(weight) ? [await held(new Float16Array(kept.scales))] : [], await held(bias), result],
    words: [rows, 0, 0], groups: [Math.ceil(rows / matrixTileRows(tiles)), Math.ceil(outputs / matrixTileColumns(tiles)), 1], cost: 1,
  });
  await new Submissions(graphics).run(recording.steps);
  const found = new Float16Array(rows * outputs);
  await readNumbers(graphics, result, 0, found);
  report[weight] = linearOf(input, kept.meaning, rows, inputs, outputs, { bias, activation: 'gelu', before })
    .reduce((worst, number, index) => Math.max(worst, Math.abs(number - (found[index] as number)) || (Number.isFinite(found[index]) ? 0 : Infinity)), 0);
}
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
