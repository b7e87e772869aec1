import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldedChannels } from '../../engine/models/heads.ts';
import { linearTaps, poolingMatrix } from '../../engine/models/pooling.ts';
import { inverseFrequencies, rotaryTables } from '../../engine/models/rotary.ts';
import { floatBytes } from '../../engine/models/weight-store.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { fc } from '../support/properties.ts';

test('27 patches are sampled to 8 where PyTorch\'s bilinear interpolation samples them', () => {
  // Lower cell and its weight, one target cell after the other.
  const expected = [[1, 0.8125], [4, 0.4375], [7, 0.0625], [11, 0.6875], [14, 0.3125], [18, 0.9375], [21, 0.5625], [24, 0.1875]];
  const taps = linearTaps(27, 8).map(([low]) => [low?.[0], low?.[1]]);
  assert.deepEqual(taps, expected);
});

test('pooling keeps a constant picture constant and is the identity where nothing is pooled', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (side, target) => {
    const matrix = poolingMatrix(side, target);
    for (let row = 0; row < target * target; row += 1) {
      const sum = matrix.subarray(row * side * side, (row + 1) * side * side).reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - 1) < 1e-6);
    }
    if (side === target) for (let cell = 0; cell < side * side; cell += 1) assert.equal(matrix[cell * side * side + cell], 1);
  }));
});

test('folding puts each query head beside its key head and loses none', () => {
  // Heads 0..3 over key heads 0..1: 0 and 1 share key head 0, 2 and 3 share key head 1.
  assert.deepEqual([...foldedChannels(4, 2, 1)], [0, 2, 1, 3]);
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (group, keyHeads, headSize) => {
    const order = foldedChannels(group * keyHeads, keyHeads, headSize);
    assert.deepEqual([...order].sort((left, right) => left - right), Array.from(order.keys()));
    order.forEach((channel, place) => {
      assert.equal(Math.floor(Math.floor(channel / headSize) / group), Math.floor(place / headSize) % keyHeads);
    });
  }));
});

test('angles are rounded to float32 as the reference rounds them', () => {
  const frequencies = inverseFrequencies(64, 1e6);
  assert.equal(frequencies[0], 1);
  const { cosine, sine } = rotaryTables(Int32Array.of(0, 233_999), 64, 1e6);
  assert.deepEqual([cosine[0], sine[0]], [1, 0]);
  const angle = Math.fround(233_999 * (frequencies[1] ?? 0));
  assert.equal(cosine[33], Math.fround(Math.cos(angle)));
  assert.equal(sine[33], Math.fround(Math.sin(angle)));
  // In double precision the angle is another one: this is what rounding is for.
  assert.notEqual(cosine[33], Math.fround(Math.cos(233_999 * 1e6 ** (-1 / 32))));
});

test('a weight that float16 cannot hold is refused, one that it can is rounded', () => {
  assert.throws(() => floatBytes('big', 'float16', Float32Array.of(1, 70_000)),
    (error) => isLongtakeError(error, 'checkpoint-invalid') && error.message.includes('"big"'));
  assert.deepEqual([...new Uint16Array(floatBytes('fits', 'float16', Float32Array.of(1, -2.0001)).buffer as ArrayBuffer)], [0x3c00, 0xc000]);
});
