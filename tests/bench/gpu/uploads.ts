/**
 * Ways for weights to come to the device, in GB/s: `writeBuffer` in pieces, and mapped buffers that take turns, filled from memory and from
 * a file. Each result is a line of JSON on stdout.
 *   node tests/bench/gpu/uploads.ts [--megabytes 512] [--file PATH]
 * PATH is read from its beginning; without it only memory is tried.
 */
import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createBuffer, createStorage, usage } from '../../../engine/kernels/device-buffers.ts';
import { openGraphicsDevice } from '../../../engine/kernels/graphics-device.ts';

const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '512' }, file: { type: 'string' } } });
const byteLength = Number(values.megabytes) << 20;
const graphics = await openGraphicsDevice();
const { device } = graphics;
const target = await createStorage(graphics, byteLength, 'a benchmark');
const file = values.file === undefined ? undefined : await open(values.file, 'r');
const mapWrite = { usage: 0x2, mode: 2 } as const;

type Fill = (into: Uint8Array<ArrayBuffer>, start: number) => Promise<void>;
const memory = new Uint8Array(16 << 20).fill(7);
const fills: Readonly<Record<string, Fill>> = {
  memory: (into) => {
    into.set(memory.subarray(0, into.length));
    return Promise.resolve();
  },
  ...file === undefined ? {} : { file: async (into: Uint8Array<ArrayBuffer>, start: number) => { await file.read(into, 0, into.length, start); } },
};

async function written(pieceBytes: number, fill: Fill): Promise<void> {
  const staging = new Uint8Array(pieceBytes);
  for (let start = 0; start < byteLength; start += pieceBytes) {
    await fill(staging, start);
    device.queue.writeBuffer(target, start, staging);
    device.queue.submit([]);
  }
  await device.queue.onSubmittedWorkDone();
}

async function mapped(count: number, pieceBytes: number, fill: Fill): Promise<void> {
  const ring: { readonly buffer: GPUBuffer; ready: Promise<void> }[] = [];
  for (let place = 0; place < count; place += 1) {
    const buffer = await createBuffer(graphics, pieceBytes, mapWrite.usage | usage.copySource, 'a benchmark');
    ring.push({ buffer, ready: buffer.mapAsync(mapWrite.mode) as Promise<void> });
  }
  for (let start = 0; start < byteLength; start += pieceBytes) {
    const one = ring[start / pieceBytes % count] as (typeof ring)[number];
    await one.ready;
    await fill(new Uint8Array(one.buffer.getMappedRange()), start);
    one.buffer.unmap();
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(one.buffer, 0, target, start, pieceBytes);
    device.queue.submit([encoder.finish()]);
    one.ready = one.buffer.mapAsync(mapWrite.mode) as Promise<void>;
  }
  await Promise.all(ring.map(({ ready }) => ready));
  for (const { buffer } of ring) buffer.destroy();
}

async function time(way: string, run: () => Promise<void>): Promise<void> {
  let seconds = Infinity;
  for (let turn = 0; turn < 3; turn += 1) {
    const startedMs = performance.now();
    await run();
    graphics.check();
    seconds = Math.min(seconds, (performance.now() - startedMs) / 1000);
  }
  process.stdout.write(`${JSON.stringify({ way, gigabytesPerSecond: byteLength / seconds / 1e9 })}\n`);
}

for (const [from, fill] of Object.entries(fills)) {
  for (const megabytes of [1, 4, 8]) await time(`${from}, written, pieces of ${String(megabytes)} MiB`, () => written(megabytes << 20, fill));
  for (const count of [2, 4]) for (const megabytes of [2, 8, 16]) await time(`${from}, ${String(count)} mapped of ${String(megabytes)} MiB`, () => mapped(count, megabytes << 20, fill));
}
await file?.close();
graphics.destroy();
