import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  forget, frameRange, linspaceIndices, randomTokens, shownFrames, uniformTokens, wholeMemory,
} from '../../engine/memory/forgetting.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { fc, runs } from '../support/properties.ts';

test('retained frames are numpy\'s linspace for every length from 128 to 8000', () => {
  const hash = createHash('sha256');
  for (let frames = 128; frames <= 8000; frames += 1) {
    hash.update(new Uint8Array(linspaceIndices(frames - 1, Math.min(512, Math.floor(frames / 4))).buffer));
  }
  // sha256 over np.linspace(0, T-1, min(512, T//4), dtype=int).astype('<i4') for T in 128..8000, numpy 2.4.
  assert.equal(hash.digest('hex'), '95c4ae023ba28d34df5ece74ef8c6fe19485de64ebe1e4c94e9b9f83a532c9c6');
});

test('frames of a video under 128 seconds are repeated as numpy\'s linspace repeats them', () => {
  const hash = createHash('sha256');
  for (let frames = 1; frames < 128; frames += 1) hash.update(new Uint8Array(shownFrames(frameRange(0, frames)).buffer));
  // np.linspace(0, T-1, 128, dtype=int).astype('<i4') for T in 1..127, numpy 2.4.
  assert.equal(hash.digest('hex'), 'f23910223ce04e1fdd6246fcef1829ae75be01edbe0a05dec4d954b3f65f42e7');
});

test('a memory without frames is refused', () => {
  assert.throws(() => shownFrames(new Int32Array()), (error) => isLongtakeError(error, 'no-frames'));
});

test('the decoder reads as many frames and tokens as the paper says', () => {
  const counts = [[128, 32, 544], [600, 150, 2550], [2048, 512, 8704], [3600, 512, 8704], [36_000, 512, 8704]] as const;
  for (const [seconds, frames, tokens] of counts) {
    const retained = forget(frameRange(0, seconds), 8, { kind: 'uniform' });
    assert.equal(retained.frames.length, frames);
    assert.equal(retained.tokens.length, tokens);
    assert.equal(retained.frames[0], 0);
    assert.equal(retained.frames.at(-1), seconds - 1);
  }
});

test('uniform forgetting keeps even rows and columns and the newline', () => {
  assert.deepEqual(uniformTokens(8), [0, 2, 4, 6, 16, 18, 20, 22, 32, 34, 36, 38, 48, 50, 52, 54]);
  assert.deepEqual(uniformTokens(4), [0, 2, 8, 10]);
  const retained = forget(frameRange(0, 200), 8, { kind: 'uniform' });
  assert.deepEqual([...retained.tokens.subarray(17, 34)], [...uniformTokens(8), 64]);
});

test('random forgetting keeps a quarter of a frame, ascending, the same for the same memory and place', () => {
  fc.assert(fc.property(fc.nat(), fc.nat(100_000), fc.integer({ min: 1, max: 27 }), (seed, place, grid) => {
    const tokens = randomTokens(grid, seed, place);
    assert.equal(tokens.length, Math.ceil(grid * grid / 4));
    assert.ok(tokens.every((token, index) => token >= 0 && token < grid * grid && (index === 0 || token > (tokens[index - 1] ?? -1))));
    assert.deepEqual(randomTokens(grid, seed, place), tokens);
  }), { numRuns: runs(200) });
});

test('random forgetting keeps every token of the grid equally often and differs between frames and memories', () => {
  const counts = new Float64Array(64);
  const places = 4000;
  for (let place = 0; place < places; place += 1) for (const token of randomTokens(8, 7, place)) counts[token] = (counts[token] ?? 0) + 1;
  // Each count is binomial(4000, 1/4): deviation 27; six of them leave one false alarm in ten million.
  for (const count of counts) assert.ok(Math.abs(count - places / 4) < 6 * 27.4, `kept ${String(count)} times`);
  assert.notDeepEqual(randomTokens(8, 7, 0), randomTokens(8, 7, 1));
  assert.notDeepEqual(randomTokens(8, 7, 0), randomTokens(8, 8, 0));
});

test('the whole memory has every token of every shown frame in order', () => {
  const memory = wholeMemory(Int32Array.of(5, 9, 9), 4);
  assert.deepEqual([...memory.frames], [5, 9, 9]);
  assert.deepEqual([...memory.places], [0, 1, 2]);
  assert.deepEqual([...memory.tokens], [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
  assert.equal(memory.placeCount, 3);
});
