import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { topMoments } from '../../engine/protocol/moments.ts';

/** A curve of an hour in bins of ten seconds, nothing but the given shares. */
function hour(shares: Readonly<Record<number, number>>): { binSeconds: number; share: number[] } {
  return { binSeconds: 10, share: Array.from({ length: 360 }, (_, bin) => shares[bin] ?? 0) };
}
const seconds = (shares: Readonly<Record<number, number>>, count = 4): number[] => topMoments(hour(shares), count).map((moment) => moment.seconds);

suite('the moments that got most attention', () => {
  test('the highest bins by their middles, in the order of the video', () => {
    assert.deepEqual(seconds({ 300: 0.4, 10: 0.3, 100: 0.2 }), [105, 1005, 3005]);
  });

  test('the second that a bin was looked at most for, where it is known', () => {
    const peakSeconds = Array.from({ length: 360 }, (_, bin) => bin * 10 + 3);
    assert.deepEqual(topMoments({ ...hour({ 300: 0.4, 10: 0.3, 100: 0.2 }), peakSeconds }, 4).map((moment) => moment.seconds), [103, 1003, 3003]);
  });

  test('neighbours of a peak are the same moment', () => {
    assert.deepEqual(seconds({ 100: 0.5, 101: 0.45, 102: 0.4, 200: 0.3 }), [1005, 2005]);
  });

  test('no more than were asked for, the lowest left out', () => {
    assert.deepEqual(seconds({ 10: 0.2, 100: 0.3, 200: 0.25, 300: 0.24 }, 2), [1005, 2005]);
  });

  test('what was looked at less than half as much as the first is no moment', () => {
    assert.deepEqual(seconds({ 10: 0.9, 100: 0.1 }), [105]);
    assert.deepEqual(seconds({ 10: 0.6, 100: 0.28, 200: 0.32 }), [105, 2005]);
  });

  test('a curve of nothing has none', () => {
    assert.deepEqual(seconds({}), []);
    assert.deepEqual(topMoments({ binSeconds: 1, share: [] }, 4), []);
  });
});
