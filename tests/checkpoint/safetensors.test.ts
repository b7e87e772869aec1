import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { SafetensorsFile } from '../../engine/checkpoint/safetensors.ts';
import { LongtakeError, isLongtakeError } from '../../engine/protocol/errors.ts';
import { fc, runs } from '../support/properties.ts';

const directory = mkdtempSync(join(tmpdir(), 'longtake-safetensors-'));
after(() => { rmSync(directory, { recursive: true, force: true }); });
const path = join(directory, 'file.safetensors');

function file(header: unknown, data: Uint8Array, declared?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, declared ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const tables = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
  fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }), { maxKeys: 6 });

test('whatever tables of tensors are written come back the same, name by name', async () => {
  await fc.assert(fc.asyncProperty(tables, fc.integer({ min: 0, max: 255 }), async (shapes, fill) => {
    let place = 0;
    const header: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(shapes)) {
      const length = shape.reduce((product, size) => product * size, 2);
      header[name] = { dtype: 'BF16', shape, data_offsets: [place, place + length] };
      place += length;
    }
    const data = Uint8Array.from({ length: place }, (_, index) => (index * 7 + fill) % 256);
    writeFileSync(path, file(header, data));
    const opened = await SafetensorsFile.open(path);
    let start = 0;
    for (const [name, shape] of Object.entries(shapes)) {
      assert.deepEqual(opened.entries.get(name)?.shape, shape);
      const bytes = await opened.read(name);
      assert.deepEqual([...bytes], [...data.subarray(start, start + bytes.length)]);
      start += bytes.length;
    }
    assert.equal(opened.entries.size, Object.keys(shapes).length);
    await opened.close();
  }), { numRuns: runs(60) });
});

test('a file with any bytes flipped either opens with tensors inside the file or is refused in words', async () => {
  const good = file({ a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] }, b: { dtype: 'U8', shape: [3], data_offsets: [16, 19] } }, new Uint8Array(19));
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }), async (flips) => {
    const bytes = Uint8Array.from(good);
    for (const [index, change] of flips) bytes[index] = (bytes[index] ?? 0) ^ change;
    writeFileSync(path, bytes);
    await opensOrIsRefused(bytes.length);
  }), { numRuns: runs(150) });
});

test('random bytes are refused in words', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
    writeFileSync(path, bytes);
    await opensOrIsRefused(bytes.length);
  }), { numRuns: runs(100) });
});

async function opensOrIsRefused(byteLength: number): Promise<void> {
  try {
    const opened = await SafetensorsFile.open(path);
    for (const entry of opened.entries.values()) assert.ok(entry.byteOffset + entry.byteLength <= byteLength);
    await opened.close();
  } catch (error) {
    assert.ok(error instanceof LongtakeError, String(error));
    assert.equal(error.code, 'checkpoint-invalid');
  }
}

const tensor = (start: number, end: number, shape = [(end - start) / 4]) => ({ dtype: 'F32', shape, data_offsets: [start, end] });
const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['an empty file', new Uint8Array(), /too short/],
  ['a header longer than the file', file({}, new Uint8Array(), 5000n), /declares a header/],
  ['a header longer than any file', file({}, new Uint8Array(), 2n ** 63n), /declares a header/],
  ['a header that is no JSON', file('{"a":', new Uint8Array()), /not JSON/],
  ['a header that is a list', file([], new Uint8Array()), /not a JSON object/],
  ['an unknown element type', file({ a: { dtype: 'F4', shape: [], data_offsets: [0, 1] } }, new Uint8Array(1)), /badly \(dtype/],
  ['a negative size', file({ a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, new Uint8Array(4)), /badly \(shape/],
  ['sizes that do not fill the bytes', file({ a: tensor(0, 8, [3]) }, new Uint8Array(8)), /takes 12/],
  ['a hole between tensors', file({ a: tensor(0, 4), b: tensor(8, 12) }, new Uint8Array(12)), /a hole before tensor "b"/],
  ['tensors that overlap', file({ a: tensor(0, 8), b: tensor(4, 12) }, new Uint8Array(12)), /an overlap at tensor "b"/],
  ['a truncated file', file({ a: tensor(0, 8) }, new Uint8Array(5)), /truncated/],
  ['bytes after the last tensor', file({ a: tensor(0, 4) }, new Uint8Array(9)), /should be/],
];
for (const [name, bytes, message] of refused) {
  test(`${name} is refused`, async () => {
    writeFileSync(path, bytes);
    await assert.rejects(SafetensorsFile.open(path), (error) => isLongtakeError(error, 'checkpoint-invalid') && message.test(error.message));
  });
}

test('a file that is not there is named', async () => {
  await assert.rejects(SafetensorsFile.open(join(directory, 'none.safetensors')),
    (error) => isLongtakeError(error, 'file-not-found') && error.message.includes('none.safetensors'));
});
