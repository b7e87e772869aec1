/** Run by attention.test.ts in a process of its own, on a software driver: for each case the worst error, as JSON. */
import { writeSync } from 'node:fs';
import { AttentionKernel } from '../../engine/kernels/attention-kernel.ts';
import type { AttentionShape, AttentionTiles } from '../../engine/kernels/attention-tiles.ts';
import type { Element } from '../../engine/kernels/elements.ts';
import { openGraphicsDevice } from '../../engine/kernels/graphics-device.ts';
import { attentionOf, peakedNumbers } from './attention-reference.ts';

type Case = {
  readonly name: string;
  readonly element: Element;
  readonly keyHeads: number;
  readonly headSize: number;
  readonly rows: number;
  readonly keys: number;
  /** Multiplies the scores. */
  readonly sharpness: number;
  /** Later keys are larger, so that every tile has scores far above those before. */
  readonly rising: boolean;
  readonly tiles?: Partial<AttentionTiles>;
};

const tiles: AttentionTiles = { subgroups: 2, subgroupSize: 16, rowsPerSubgroup: 16, keys: 16, staged: true, ahead: false, queriesStay: false };
const plain = { keyHeads: 2, headSize: 16, rows: 75, keys: 83, sharpness: 1, rising: false };
const cases: readonly Case[] = [
  { ...plain, name: 'odd numbers of rows and keys', element: 'f32' },
  { ...plain, name: 'halves', element: 'f16' },
  { ...plain, name: 'one row and one key', element: 'f32', rows: 1, keys: 1 },
  { ...plain, name: 'whole tiles', element: 'f32', rows: 64, keys: 64 },
  { ...plain, name: 'the next tile fetched ahead, more and wider heads', element: 'f32', headSize: 32, keyHeads: 3, tiles: { ahead: true } },
  { ...plain, name: 'large scores that rise: sums are scaled again and again', element: 'f32', keys: 200, sharpness: 30, rising: true },
  { ...plain, name: 'the same in halves', element: 'f16', keys: 200, sharpness: 8, rising: true },
];

const graphics = await openGraphicsDevice();
const kernels = new Map<string, AttentionKernel>();
/** Compiling takes a software driver longer than computing. */
async function kernelOf(shape: AttentionShape): Promise<AttentionKernel> {
  const key = JSON.stringify(shape);
  const kernel = kernels.get(key) ?? await AttentionKernel.create(graphics, shape);
  kernels.set(key, kernel);
  return kernel;
}

const report: Record<string, number> = {};
for (const { name, element, keyHeads, headSize, rows, keys, sharpness, rising, tiles: own } of cases) {
  const kernel = await kernelOf({ headSize, keyHeads, element, spelling: 'plain', tiles: { ...tiles, ...own } });
  const width = keyHeads * headSize;
  const numbers = (count: number, seed: number) => {
    const made = peakedNumbers(count * width, seed);
    return element === 'f32' ? made : new Float16Array(made);
  };
  const [query, key, value] = [numbers(rows, 1), numbers(keys, 2), numbers(keys, 3)];
  // Along the query of row 0, more of it from key to key.
  if (rising) key.forEach((number, index) => { key[index] = 0.1 * number + (query[index % width] as number) * Math.floor(index / width) / keys; });
  const memory = await kernel.createMemory(keys);
  // In two pieces, as a memory comes.
  const half = Math.floor(keys / 2) * width;
  kernel.write(memory.key, 0, key.subarray(0, half));
  kernel.write(memory.key, half / width, key.subarray(half));
  kernel.write(memory.value, 0, value);
  const scale = sharpness / Math.sqrt(headSize);
  const found = await kernel.attend(query, memory, scale);
  memory.dispose();
  let worst = found.length === query.length ? 0 : Infinity;
  for (let row = 0; row < rows; row += 1) {
    attentionOf(query, key, value, row, keyHeads, headSize, scale).forEach((wanted, channel) => {
      const error = Math.abs(wanted - (found[row * width + channel] as number));
      worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
    });
  }
  report[name] = worst;
}
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');
