import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { coveredLabel, placeTicks, tickSteps } from '../../../renderer/timeline/ticks.ts';
import { fc } from '../../support/properties.ts';

const labelPixels = 84;
const labelsOf = (view: { startSeconds: number; endSeconds: number }, width: number): (string | undefined)[] => placeTicks({ view, width }, labelPixels).flatMap(({ label }) => label ?? []);

suite('ticks of the timeline', () => {
  test('an hour has a label every ten minutes, and five steps between them', () => {
    const view = { startSeconds: 0, endSeconds: 3600 };
    assert.deepEqual(tickSteps({ view, width: 728 }, labelPixels), { labelSeconds: 600, tickSeconds: 120 });
    assert.deepEqual(labelsOf(view, 728), ['0:00', '10:00', '20:00', '30:00', '40:00', '50:00', '1:00:00']);
  });

  test('a label is covered while the playhead stands on it, and not beside it', () => {
    const scale = { view: { startSeconds: 0, endSeconds: 3600 }, width: 728 };
    const under = (pixels: number): number | undefined => coveredLabel(scale, (pixels / 728) * 3600);
    assert.deepEqual([under(0), under(60), under(135), under(160), under(180)], [undefined, undefined, 600, 600, undefined]);
  });

  test('a second has tenths', () => {
    assert.deepEqual(labelsOf({ startSeconds: 59.5, endSeconds: 60.5 }, 500).slice(-3), ['1:00.0', '1:00.2', '1:00.4']);
  });

  test('ten hours have full hours', () => {
    assert.deepEqual(labelsOf({ startSeconds: 0, endSeconds: 36_000 }, 1000).slice(0, 3), ['0:00', '1:00:00', '2:00:00']);
  });

  test('labels are at least as far apart as they need, and a view has at most a few hundred ticks, whatever it shows', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 36_000, noNaN: true }), fc.double({ min: 1, max: 100_000, noNaN: true }), fc.integer({ min: 300, max: 4000 }), (startSeconds, length, width) => {
      const ticks = placeTicks({ view: { startSeconds, endSeconds: startSeconds + length }, width }, labelPixels);
      const labelled = ticks.filter(({ label }) => label !== undefined).map(({ pixels }) => pixels);
      for (const [index, pixels] of labelled.slice(1).entries()) assert.ok(pixels - (labelled[index] ?? 0) > labelPixels - 1e-3, `${pixels}`);
      assert.ok(ticks.length < 400, `${ticks.length}`);
    }));
  });

  test('a tick stays at its moment while the view is moved', () => {
    const seconds = (startSeconds: number): number[] => placeTicks({ view: { startSeconds, endSeconds: startSeconds + 600 }, width: 700 }, labelPixels).map((tick) => tick.seconds);
    const [one, other] = [new Set(seconds(1000)), seconds(1003)];
    assert.ok(other.filter((tick) => tick > 1000 && tick < 1600).every((tick) => one.has(tick)));
  });
});
