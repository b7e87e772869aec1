import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseRepository, framesInRange } from '../../engine/pipeline/repository.ts';
import { defaultAnswerSettings } from '../../engine/pipeline/settings.ts';
import { readModelSpec } from '../../engine/models/package.ts';
import { openHome } from '../../engine/pipeline/home.ts';
import { resolveModel } from '../../engine/pipeline/model-store.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { fc, runs } from '../support/properties.ts';

const { directory } = await resolveModel(openHome(scratchDirectory('range')), { name: 'demo' });
const spec = await readModelSpec(directory);

test('a range holds only frames of the range, each at its own place, for memory and decoder alike', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 4000 }), fc.nat(), fc.nat(), fc.constantFrom('uniform', 'random'), (frameCount, a, b, spatialForgetting) => {
    const [from, to] = [a % frameCount, b % frameCount].sort((one, other) => one - other) as [number, number];
    const frames = Int32Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const { memory, retained } = chooseRepository(frameCount, spec, { ...defaultAnswerSettings, spatialForgetting }, 7, frames);
    const whole = chooseRepository(frameCount, spec, defaultAnswerSettings, 7).memory;
    for (const selection of [memory, retained]) {
      assert.ok(selection.frames.every((frame) => frame >= from && frame <= to));
      assert.ok(selection.places.every((place, slot) => whole.frames[place] === selection.frames[slot]), 'frames stand where they stand in the whole memory');
      assert.ok(selection.places.every((place, slot) => slot === 0 || place > (selection.places[slot - 1] ?? place)));
      assert.equal(selection.placeCount, whole.placeCount);
      assert.equal(selection.tokens.length, selection.frames.length * selection.tokensPerSlot);
    }
    assert.deepEqual(new Set(memory.frames), new Set(frames));
    assert.ok(retained.frames.length >= Math.min(32, memory.frames.length) && retained.frames.length <= 512);
  }), { numRuns: runs(60) });
});

test('frames of a range by their real times; between two frames the one that is shown then', () => {
  const pts = Float64Array.of(0, 1.02, 2.01, 2.99, 9);
  assert.deepEqual([...framesInRange(pts, { startSeconds: 1, endSeconds: 3 })], [1, 2, 3]);
  assert.deepEqual([...framesInRange(pts, { startSeconds: 1.3, endSeconds: 1.6 })], [1]);
  assert.deepEqual([...framesInRange(pts, { startSeconds: 6, endSeconds: 8 })], [], 'a gap holds nothing');
  assert.throws(() => chooseRepository(5, spec, defaultAnswerSettings, 7, new Int32Array()), (error) => isLongtakeError(error, 'no-frames'));
});
