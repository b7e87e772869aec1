import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lowerBound } from '../../../renderer/geometry/frames.ts';
import { lengthOf, rangeBetween } from '../../../renderer/geometry/range.ts';
import { fitView, panView, toPixels, toSeconds, viewAt, wholeView, zoomView } from '../../../renderer/geometry/view.ts';
import { fc } from '../../support/properties.ts';

const scale = { view: { startSeconds: 100, endSeconds: 200 }, width: 500 };
const videoSeconds = fc.double({ min: 2, max: 40_000, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });

suite('geometry of the timeline', () => {
  test('a moment and its place on the screen lead to each other', () => {
    assert.equal(toPixels(scale, 150), 250);
    assert.equal(toSeconds(scale, 250), 150);
    assert.equal(toPixels(scale, 90), -50);
  });

  test('nothing is divided by an empty view or an empty surface', () => {
    assert.equal(toPixels({ view: { startSeconds: 3, endSeconds: 3 }, width: 500 }, 4), 0);
    assert.equal(toSeconds({ view: scale.view, width: 0 }, 40), 100);
  });

  test('zooming keeps the moment under the pointer where it is, until an end of the video stands at an edge', () => {
    const zoomed = zoomView({ startSeconds: 100, endSeconds: 200 }, 3600, 2, 120);
    assert.deepEqual(zoomed, { startSeconds: 110, endSeconds: 160 });
    assert.equal(toPixels({ view: zoomed, width: 500 }, 120), toPixels(scale, 120));
    assert.equal(zoomView({ startSeconds: 0, endSeconds: 100 }, 3600, 0.5, 90)?.startSeconds, 0);
  });

  test('zoomed out far enough it is the whole video, which has no view', () => {
    assert.equal(zoomView({ startSeconds: 100, endSeconds: 200 }, 3600, 0.01, 120), undefined);
    assert.equal(fitView(wholeView(3600), 3600), undefined);
  });

  test('whatever is done to a view, it lies in the video and is not shorter than a second', () => {
    fc.assert(fc.property(videoSeconds, share, share, fc.double({ min: 0.001, max: 1000, noNaN: true }), fc.double({ min: -1e5, max: 1e5, noNaN: true }), (seconds, from, anchor, factor, by) => {
      const start = { startSeconds: from * seconds * 0.5, endSeconds: from * seconds * 0.5 + seconds * 0.4 };
      for (const view of [zoomView(start, seconds, factor, anchor * seconds), panView(start, seconds, by), viewAt(start, seconds, anchor * seconds, 0.5)]) {
        if (view === undefined) continue;
        assert.ok(view.startSeconds >= 0 && view.endSeconds <= seconds + 1e-6 && lengthOf(view) >= Math.min(1, seconds) - 1e-6, JSON.stringify(view));
      }
    }));
  });

  test('a range has its ends in order and inside of the video, or is none', () => {
    assert.deepEqual(rangeBetween(80, 20, 60), { startSeconds: 20, endSeconds: 60 });
    assert.deepEqual(rangeBetween(-5, 20, 60), { startSeconds: 0, endSeconds: 20 });
    assert.equal(rangeBetween(70, 80, 60), undefined);
  });

  test('a range is no shorter than a second, of which there is a frame: it begins at the first moment, and stays in the video', () => {
    assert.deepEqual(rangeBetween(20, 20.05, 60), { startSeconds: 20, endSeconds: 21 });
    assert.deepEqual(rangeBetween(20, 19.95, 60), { startSeconds: 19, endSeconds: 20 });
    assert.deepEqual(rangeBetween(59.5, 60, 60), { startSeconds: 59, endSeconds: 60 });
    assert.deepEqual(rangeBetween(0.5, 0, 60), { startSeconds: 0, endSeconds: 1 });
    assert.deepEqual(rangeBetween(0.1, 0.2, 0.5), { startSeconds: 0, endSeconds: 0.5 });
    fc.assert(fc.property(fc.double({ min: 0.01, max: 40_000, noNaN: true }), share, share, (seconds, one, other) => {
      const range = rangeBetween(one * seconds, other * seconds, seconds);
      if (range === undefined) return;
      assert.ok(range.startSeconds >= 0 && range.endSeconds <= seconds + 1e-6 && lengthOf(range) >= Math.min(1, seconds) - 1e-6, JSON.stringify(range));
    }));
  });

  test('the first place of a value in an ascending list is found as a search through all of it finds it', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 30 })), fc.integer({ min: -1, max: 31 }), (values, value) => {
      const sorted = values.toSorted((one, other) => one - other);
      const found = sorted.findIndex((one) => one >= value);
      assert.equal(lowerBound(sorted, value, (one) => one), found < 0 ? sorted.length : found);
    }));
  });
});
