import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { firstPaneSizes } from '../../../renderer/store/layout-slice.ts';
import { layLanes, toolbarHeight, type LaneName } from '../../../renderer/timeline/lanes.ts';

const everything = { lookedAt: true, waveform: true, subtitles: true, chapters: true };
const shown = (height: number, contents = everything): LaneName[] => Object.entries(layLanes(height, contents)).filter(([, lane]) => lane !== undefined).map(([name]) => name as LaneName);

suite('lanes of the timeline', () => {
  test('what a video does not have takes no room', () => {
    assert.deepEqual(shown(400, { lookedAt: false, waveform: false, subtitles: false, chapters: false }), ['ruler', 'marks', 'pictures', 'coverage']);
  });

  test('a film that has everything shows everything at the height that the timeline begins with', () => {
    const lanes = layLanes(firstPaneSizes.timelineHeight - toolbarHeight, everything);
    assert.ok(Object.values(lanes).every((lane) => lane !== undefined), JSON.stringify(lanes));
  });

  test('where there is little height, the least important lanes go first and the pictures stay', () => {
    assert.equal(shown(400).length, 8);
    assert.deepEqual(shown(150), ['ruler', 'marks', 'pictures', 'coverage', 'lookedAt', 'waveform']);
    assert.deepEqual(shown(80), ['ruler', 'marks', 'pictures', 'coverage']);
  });

  test('lanes follow each other, do not overlap and end inside', () => {
    for (let height = 60; height <= 500; height += 7) {
      let end = 0;
      for (const lane of Object.values(layLanes(height, everything))) {
        if (lane === undefined) continue;
        assert.ok(lane.top >= end && lane.height >= 0, `${height}: ${JSON.stringify(lane)}`);
        end = lane.top + lane.height;
      }
      assert.ok(end <= Math.max(height, 42), `${end} of ${height}`);
    }
  });
});
