import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { frameAt } from '../../../renderer/geometry/frames.ts';
import { extendRange, moveRangeEnd } from '../../../renderer/geometry/range.ts';
import { highestOf, peaksOf } from '../../../renderer/timeline/curve.ts';
import { placeThumbnails } from '../../../renderer/timeline/thumbnails.ts';
import { fc } from '../../support/properties.ts';

suite('pictures of the timeline', () => {
  test('the frame of a moment is the last that began before it', () => {
    const pts = [0, 1.001, 2.002, 12];
    assert.deepEqual([0, 1, 1.001, 5, 40].map((seconds) => frameAt(pts, seconds)), [0, 0, 1, 2, 3]);
    assert.equal(frameAt([2, 3], 0), 0, 'before the first there is nothing better');
    assert.equal(frameAt([], 3), -1);
  });

  test('pictures fill the view without gaps up to the end of what is in memory', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 3000, noNaN: true }), fc.double({ min: 5, max: 3600, noNaN: true }), fc.integer({ min: 200, max: 2000 }), (startSeconds, length, width) => {
      const scale = { view: { startSeconds, endSeconds: startSeconds + length }, width };
      const placed = placeThumbnails(scale, 90, 3600);
      for (const [index, next] of placed.slice(1).entries()) {
        const before = placed[index];
        assert.ok(before !== undefined && Math.abs(before.pixels + before.width - next.pixels) < 1e-6, `${index}`);
      }
      assert.ok(placed.length <= 2 * Math.ceil(width / 90) + 4, `${placed.length} on ${width}`);
      assert.ok((placed[0]?.pixels ?? 0) < 1e-6);
    }));
  });

  test('a moved view shows the same pictures elsewhere', () => {
    const at = (startSeconds: number): number[] => placeThumbnails({ view: { startSeconds, endSeconds: startSeconds + 600 }, width: 900 }, 90, 3600).map(({ seconds }) => seconds);
    const known = new Set(at(1000));
    assert.ok(at(1001).slice(1, -2).every((seconds) => known.has(seconds)));
  });
});

suite('curves of the timeline', () => {
  test('no narrow peak is lost between two columns', () => {
    const values = new Uint8Array(36_000);
    values[12_345] = 200;
    assert.equal(Math.max(...peaksOf({ view: { startSeconds: 0, endSeconds: 36_000 }, width: 700 }, { binSeconds: 1, values }, 350)), 200);
    assert.equal(highestOf(values), 200);
  });

  test('an hour of sound in many bins has the same peaks as a look at every one of them, at most a column away', () => {
    const values = Uint8Array.from({ length: 36_000 }, (_, bin) => (bin * bin * 7) % 251);
    const columns = 90;
    const peaks = peaksOf({ view: { startSeconds: 0, endSeconds: 3600 }, width: 720 }, { binSeconds: 0.1, values }, columns);
    const exact = Array.from({ length: columns }, (_, column) => Math.max(...values.slice(column * 400, (column + 1) * 400)));
    for (const [column, peak] of peaks.entries()) assert.ok([column - 1, column, column + 1].some((near) => exact[near] === peak), `${column}: ${peak}`);
  });

  test('zoomed below a bin, every column has its value', () => {
    assert.deepEqual([...peaksOf({ view: { startSeconds: 2, endSeconds: 3 }, width: 100 }, { binSeconds: 10, values: [7, 9] }, 4)], [7, 7, 7, 7]);
  });
});

suite('ranges of the timeline', () => {
  test('with Shift the end at the playhead goes along and the other stays', () => {
    assert.deepEqual(extendRange(undefined, 100, 110, 3600), { startSeconds: 100, endSeconds: 110 });
    assert.deepEqual(extendRange({ startSeconds: 100, endSeconds: 110 }, 110, 120, 3600), { startSeconds: 100, endSeconds: 120 });
    assert.deepEqual(extendRange({ startSeconds: 100, endSeconds: 110 }, 100, 90, 3600), { startSeconds: 90, endSeconds: 110 });
    assert.deepEqual(extendRange({ startSeconds: 100, endSeconds: 110 }, 500, 510, 3600), { startSeconds: 500, endSeconds: 510 });
  });

  test('it goes no further than the video, and there it stays', () => {
    assert.deepEqual(extendRange({ startSeconds: 3500, endSeconds: 3590 }, 3590, 3600, 3600), { startSeconds: 3500, endSeconds: 3600 });
    assert.deepEqual(extendRange({ startSeconds: 3500, endSeconds: 3600 }, 3600, 3600, 3600), { startSeconds: 3500, endSeconds: 3600 });
    assert.equal(extendRange(undefined, 3600, 3600, 3600), undefined);
  });

  test('an end does not pass the other, nor leave the video', () => {
    const range = { startSeconds: 10, endSeconds: 20 };
    assert.deepEqual(moveRangeEnd(range, 'start', 30, 60), { startSeconds: 19, endSeconds: 20 });
    assert.deepEqual(moveRangeEnd(range, 'end', 5, 60), { startSeconds: 10, endSeconds: 11 });
    assert.deepEqual(moveRangeEnd(range, 'end', 90, 60), { startSeconds: 10, endSeconds: 60 });
    assert.deepEqual(moveRangeEnd(range, 'start', -4, 60), { startSeconds: 0, endSeconds: 20 });
  });
});
