import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { pixelBoxOf } from '../../../renderer/timeline/aside.ts';
import { layLanes } from '../../../renderer/timeline/lanes.ts';
import { fc } from '../../support/properties.ts';

suite('lanes drawn aside', () => {
  test('whole pixels cover every lane at every pixel ratio, and less than one pixel more on each side', () => {
    const contents = fc.record({ lookedAt: fc.boolean(), waveform: fc.boolean(), subtitles: fc.boolean(), chapters: fc.boolean() });
    fc.assert(fc.property(fc.integer({ min: 90, max: 500 }), contents, fc.constantFrom(1, 1.1, 1.25, 1.5, 1.75, 2, 3), fc.integer({ min: 1, max: 3000 }), (height, has, pixelRatio, width) => {
      const { lookedAt, waveform, subtitles } = layLanes(height, has);
      const box = pixelBoxOf({ width, pixelRatio }, [lookedAt, waveform, subtitles]);
      const lanes = [lookedAt, waveform, subtitles].filter((lane) => lane !== undefined);
      if (lanes.length === 0) { assert.equal(box, undefined); return; }
      assert.ok(box !== undefined && [box.top, box.width, box.height].every((pixels) => Number.isInteger(pixels)));
      const bottom = box.top + box.height;
      for (const { top, height: laneHeight } of lanes) assert.ok(top * pixelRatio >= box.top && (top + laneHeight) * pixelRatio <= bottom);
      assert.ok(lanes.some(({ top }) => top * pixelRatio - box.top < 1) && lanes.some(({ top, height: laneHeight }) => bottom - (top + laneHeight) * pixelRatio < 1));
      assert.equal(box.width, Math.round(width * pixelRatio), 'as wide as the canvas');
    }));
  });

  test('a canvas without a width has nothing to draw on', () => {
    assert.equal(pixelBoxOf({ width: 0, pixelRatio: 2 }, [{ top: 0, height: 26 }]), undefined);
  });
});
