import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { actionOf } from '../../../renderer/actions/table.ts';
import type { TimeRange } from '../../../renderer/geometry/range.ts';
import type { AppContextValue } from '../../../renderer/store/use-app.ts';

/** The range after an action in a film of two minutes. */
function rangeAfter(action: 'playback.rangeStart' | 'playback.rangeEnd', currentSeconds: number, before?: TimeRange): TimeRange | undefined {
  let range = before;
  const state = { currentSeconds, range, playerSeconds: 120, setRange(next: TimeRange | undefined) { range = next; } };
  actionOf(action).perform({ store: { getState: () => state } } as unknown as AppContextValue);
  return range;
}
const between = (startSeconds: number, endSeconds: number): TimeRange => ({ startSeconds, endSeconds });

suite('the ends of a range, by the keyboard', () => {
  test('one end comes to the playhead; the other stays, or is that of the film where there is none on that side', () => {
    assert.deepEqual(rangeAfter('playback.rangeStart', 30), between(30, 120));
    assert.deepEqual(rangeAfter('playback.rangeEnd', 30), between(0, 30));
    assert.deepEqual(rangeAfter('playback.rangeStart', 30, between(10, 50)), between(30, 50));
    assert.deepEqual(rangeAfter('playback.rangeEnd', 30, between(10, 50)), between(10, 30));
    assert.deepEqual(rangeAfter('playback.rangeStart', 60, between(10, 50)), between(60, 120));
    assert.deepEqual(rangeAfter('playback.rangeEnd', 5, between(10, 50)), between(0, 5));
  });

  test('where less than a second is left of the film, no range begins, and one that is there stays', () => {
    for (const seconds of [119.2, 119.96, 120]) {
      assert.equal(rangeAfter('playback.rangeStart', seconds), undefined);
      assert.deepEqual(rangeAfter('playback.rangeStart', seconds, between(10, 50)), between(10, 50));
    }
    for (const seconds of [0, 0.04, 0.9]) assert.equal(rangeAfter('playback.rangeEnd', seconds), undefined);
    assert.deepEqual(rangeAfter('playback.rangeStart', 119), between(119, 120));
  });

  test('a range is a second long at least', () => {
    assert.deepEqual(rangeAfter('playback.rangeStart', 49.5, between(10, 50)), between(49.5, 50.5));
    assert.deepEqual(rangeAfter('playback.rangeEnd', 10.5, between(10, 50)), between(9.5, 10.5));
  });
});
