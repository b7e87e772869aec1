import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chapterCount } from '../../../engine/pipeline/chapters/cut.ts';
import { mergeAlike, type Segment } from '../../../engine/pipeline/chapters/segments.ts';
import { fc, runs } from '../../support/properties.ts';

const frame = (firstFrame: number, ...mean: number[]): Segment => ({ firstFrame, frames: 1, mean: Float32Array.from(mean), scatter: 0 });
/** Frames of scenes [frames, look], with a little unrest that is the same every time. */
const film = (...scenes: readonly (readonly [number, readonly [number, number]])[]): Segment[] =>
  scenes.flatMap(([count, look]) => Array.from({ length: count }, () => look))
    .map(([x, y], index) => frame(index, x + 0.01 * Math.sin(index * 12.9898), y + 0.01 * Math.cos(index * 78.233)));
const starts = (segments: readonly Segment[]): number[] => segments.map(({ firstFrame }) => firstFrame);
const loose = { most: 1000, leastFrames: 1, mostFrames: Infinity };

test('cuts stand where the look changes', async () => {
  const scenes = film([40, [1, 0]], [25, [0, 1]], [35, [1, 0]]);
  assert.deepEqual(starts(await mergeAlike(scenes, { ...loose, most: 3, leastFrames: 5 })), [0, 40, 65]);
});

test('of more scenes than may be left, those that look most alike are one', async () => {
  const scenes = film([30, [1, 0]], [30, [0.9, 0.1]], [30, [0, 1]]);
  assert.deepEqual(starts(await mergeAlike(scenes, { ...loose, most: 2, leastFrames: 5 })), [0, 60]);
});

test('a film in which nothing changes, or nothing but noise does, has one part', async () => {
  assert.deepEqual(starts(await mergeAlike(Array.from({ length: 90 }, (_, index) => frame(index, 0.5, 0.5)), { ...loose, leastFrames: 5 })), [0]);
  assert.deepEqual(starts(await mergeAlike(film([200, [0.5, 0.5]]), { ...loose, leastFrames: 10 })), [0]);
});

test('parts cover every frame once and in order, none is too short, and none was merged to be too long', async () => {
  const looks = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 120 });
  await fc.assert(fc.asyncProperty(looks, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 20 }), async (frames, most, leastFrames) => {
    const parts = await mergeAlike(frames.map(([x, y], index) => frame(index, x, y)), { most, leastFrames, mostFrames: 40 });
    assert.deepEqual(starts(parts), parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + part.frames, 0)));
    assert.equal(parts.reduce((sum, part) => sum + part.frames, 0), frames.length);
    assert.ok(parts.length === 1 || parts.every((part) => part.frames >= leastFrames));
  }), { numRuns: runs(60) });
});

test('a stop is heeded between merges', async () => {
  await assert.rejects(mergeAlike(film([2000, [1, 0]]), { ...loose, most: 1 }, AbortSignal.abort()), { code: 'cancelled' });
});

test('chapters are as many as a film of its length has, and never shorter than ten seconds in the mean', () => {
  assert.deepEqual([5, 15, 60, 300, 3600, 7200, 36_000].map(chapterCount), [1, 1, 2, 4, 15, 22, 40]);
});
