import assert from 'node:assert/strict';
import { test } from 'node:test';
import { float16Table, notAFloat16 } from '../../engine/checkpoint/tensor-values.ts';
import { HalfKernel } from '../../engine/models/half-kernel.ts';
import { transposed } from '../../engine/models/matrix-layout.ts';

const table = float16Table('BF16');
const patterns = Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern);
const usable = patterns.filter((pattern) => table[pattern] !== notAFloat16);

function filled(kernel: HalfKernel, values: Uint16Array, room = values.length): Uint16Array {
  const memory = new Uint16Array(kernel.bytes(2 * room).buffer);
  memory.set(values);
  return memory;
}

test('every bfloat16 that fits becomes the float16 that the language makes of it, every other is found', () => {
  const kernel = new HalfKernel();
  const count = usable.length & ~7;
  for (const values of [usable.subarray(0, count), usable.subarray(usable.length - count)]) {
    const memory = filled(kernel, values);
    assert.ok(kernel.convert(count));
    assert.deepEqual(memory.slice(0, count), values.map((pattern) => table[pattern] as number));
  }
  assert.ok(usable.length > 36_000);
  for (const pattern of patterns.filter((each) => table[each] === notAFloat16)) {
    const values = new Uint16Array(16);
    values[pattern % 16] = pattern;
    filled(kernel, values);
    if (kernel.convert(16)) assert.fail(pattern.toString(16));
  }
});

for (const [rows, columns] of [[8, 8], [8, 40], [72, 16], [200, 328]] as const) {
  test(`a matrix of ${String(rows)} by ${String(columns)} is converted and transposed, and what does not fit is found in every place`, () => {
    const kernel = new HalfKernel();
    const count = rows * columns;
    const values = Uint16Array.from({ length: count }, (_, index) => usable[index * 7919 % usable.length] as number);
    const memory = filled(kernel, values, 2 * count);
    assert.ok(kernel.transpose(rows, columns, 2 * count));
    assert.deepEqual(memory.slice(count, 2 * count), transposed(values.map((pattern) => table[pattern] as number), rows, columns));
    for (const place of [0, columns - 1, count - columns, count - 1, count >> 1]) {
      filled(kernel, values.with(place, 0x7fc0), 2 * count);
      assert.equal(kernel.transpose(rows, columns, 2 * count), false);
    }
  });
}
