/** Run by decoder-attention.test.ts in a process of its own, on a software driver: for each case the worst errors, as JSON. */
import { writeSync } from 'node:fs';
import { DecoderAttention } from '../../engine/kernels/decoder-attention.ts';
import type { DecoderHeads } from '../../engine/kernels/decoder-heads.ts';
import { createStorage, readNumbers, writeBytes, writeNumbers } from '../../engine/kernels/device-buffers.ts';
import { bytesPerElement } from '../../engine/kernels/elements.ts';
import type { DeviceNumbers, Element } from '../../engine/kernels/elements.ts';
import { openGraphicsDevice } from '../../engine/kernels/graphics-device.ts';
import { Recording } from '../../engine/kernels/recording.ts';
import { Submissions } from '../../engine/kernels/submissions.ts';
import { peakedNumbers } from './attention-reference.ts';
import { attendedRow, rotatedRow, sharesOf } from './decoder-reference.ts';

type Case = DecoderHeads & { readonly name: string; /** Rows of the pieces that are read before a step. */ readonly pieces: readonly number[] };
const cases: readonly Case[] = [
  { name: 'two key heads, groups of seven', heads: 14, keyHeads: 2, headSize: 16, element: 'f32', pieces: [71, 62] },
  { name: 'one row, then steps', heads: 4, keyHeads: 2, headSize: 8, element: 'f32', pieces: [1] },
  { name: 'several splits, groups of eight', heads: 16, keyHeads: 2, headSize: 32, element: 'f32', pieces: [5, 130] },
  { name: 'halves, four key heads', heads: 8, keyHeads: 4, headSize: 32, element: 'f16', pieces: [100, 29] },
];
const positions = 512;

const graphics = await openGraphicsDevice();
const submissions = new Submissions(graphics);
const report: Record<string, Record<string, number>> = {};

for (const { name, pieces, ...heads } of cases) {
  const { keyHeads, headSize, element } = heads;
  const attention = await DecoderAttention.create(graphics, heads, 'plain');
  const width = heads.heads * headSize;
  const channels = width + 2 * keyHeads * headSize;
  const count = pieces.reduce((sum, rows) => sum + rows, 0);
  const capacity = Math.ceil((count + 2) / 128) * 128;
  const bytes = (numbers: number) => numbers * bytesPerElement(element);
  const storage = (byteLength: number) => createStorage(graphics, byteLength, 'a test');
  const rows = numbersOf(element, (count + 2) * channels);
  const tableNumbers = rotaryTable(headSize);
  const table = await storage(tableNumbers.byteLength);
  writeNumbers(graphics, table, 0, tableNumbers);
  const cache = { key: await storage(bytes(capacity * keyHeads * headSize)), value: await storage(bytes(capacity * keyHeads * headSize)) };
  const most = attention.paddedRows(Math.max(...pieces));
  const [packed, queries, attended] = [await storage(bytes(most * channels)), await storage(bytes(most * width)), await storage(bytes(most * width))];
  const rotated = Array.from({ length: count + 2 }, (_, row) => rotatedRow(rows.subarray(row * channels, (row + 1) * channels), heads, tableNumbers.subarray(row * headSize, (row + 1) * headSize)));
  const worst = { rows: 0, steps: 0, shares: 0 };
  const compare = (kind: keyof typeof worst, found: ArrayLike<number>, wanted: ArrayLike<number>) => {
    for (let index = 0; index < wanted.length; index += 1) {
      const error = Math.abs((found[index] as number) - (wanted[index] as number));
      worst[kind] = Number.isNaN(error) ? Infinity : Math.max(worst[kind], error);
    }
  };

  let position = 0;
  for (const rowCount of pieces) {
    writeNumbers(graphics, packed, 0, rows.subarray(position * channels, (position + rowCount) * channels));
    const recording = new Recording(graphics);
    attention.recordRotation(recording, { rows: packed, table, queries, cache, position, rowCount });
    attention.recordRows(recording, { queries, cache, attended, position, rowCount });
    await submissions.run(recording.steps);
    recording.dispose();
    const found = numbersOf(element, rowCount * width);
    await readNumbers(graphics, attended, 0, found);
    for (let row = 0; row < rowCount; row += 1) compare('rows', found.subarray(row * width, (row + 1) * width), attendedRow(rotated, position + row, position + row + 1, heads));
    position += rowCount;
  }

  // Who got how much of what the last piece's rows attend to, all of them seeing all.
  const lastRows = pieces.at(-1) as number;
  const [totals, shares] = [await storage(4 * lastRows * heads.heads), await storage(4 * keyHeads * count)];
  const sharing = new Recording(graphics);
  attention.recordShares(sharing, { queries, keys: cache.key, totals, shares, rowCount: lastRows, keyCount: count });
  await submissions.run(sharing.steps);
  const foundShares = new Float32Array(keyHeads * count);
  await readNumbers(graphics, shares, 0, foundShares);
  compare('shares', foundShares, sharesOf(rotated, count - lastRows, count, heads));

  const { sums, limits } = attention.stepBytes(capacity);
  const [state, row, sumBuffer, limitBuffer] = [await storage(4), await storage(bytes(channels)), await storage(sums), await storage(limits)];
  const recording = new Recording(graphics);
  attention.recordStep(recording, { state, row, table, cache, capacity, sums: sumBuffer, limits: limitBuffer, attended });
  for (; position < count + 2; position += 1) {
    writeBytes(graphics, state, 0, new Uint8Array(Uint32Array.of(position).buffer));
    writeNumbers(graphics, row, 0, rows.subarray(position * channels, (position + 1) * channels));
    submissions.submit(recording.steps);
    const found = numbersOf(element, width);
    await readNumbers(graphics, attended, 0, found);
    compare('steps', found, attendedRow(rotated, position, position + 1, heads));
  }
  report[name] = worst;
}
writeSync(1, JSON.stringify(report));
// A software driver may crash while its process takes itself apart.
process.kill(process.pid, 'SIGKILL');

function numbersOf(element: Element, length: number): DeviceNumbers {
  const numbers = peakedNumbers(length, 5);
  return element === 'f32' ? numbers : new Float16Array(numbers);
}

/** Cosines and sines of every position, [positions, headSize]. */
function rotaryTable(headSize: number): Float32Array<ArrayBuffer> {
  const half = headSize / 2;
  return Float32Array.from({ length: positions * headSize }, (_, index) => {
    const place = index % headSize;
    const angle = Math.floor(index / headSize) * 10 ** (-3 * (place % half) / half);
    return place < half ? Math.cos(angle) : Math.sin(angle);
  });
}
