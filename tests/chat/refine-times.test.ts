import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findCitations } from '../../engine/chat/citations.ts';
import { refineTimes } from '../../engine/chat/refine-times.ts';

const framePtsSeconds = Float64Array.from({ length: 3600 }, (_, second) => second);

/** Where the times of an answer lead that looked at these seconds; undefined: to the time itself. */
function landings(answer: string, looks: Readonly<Record<number, number>>, stepSeconds: number | undefined): (number | undefined)[] {
  const frameShare = new Float32Array(3600);
  for (const [second, share] of Object.entries(looks)) frameShare[Number(second)] = share;
  const found = findCitations(answer, { durationSeconds: 3600, framePtsSeconds });
  const refined = refineTimes(found, stepSeconds, { framePtsSeconds, frameShare });
  assert.deepEqual(refined.map((citation) => ({ ...citation, lookedAtSeconds: undefined })), found.map((citation) => ({ ...citation, lookedAtSeconds: undefined })), 'what the answer names stays as it is');
  return refined.map(({ lookedAtSeconds }) => lookedAtSeconds);
}

suite('times of a model that rounds them', () => {
  test('they lead to what was looked at most within the rounding', () => {
    assert.deepEqual(landings('at about 12:00 and 51:40', { 719: 0.5, 721: 0.2, 725: 0.4, 730: 0.6, 3109: 0.3 }, 10), [725, 3109]);
  });

  test('where little was looked at, the time itself is where they lead', () => {
    assert.deepEqual(landings('at about 12:00, 20:00', { 725: 0.05, 900: 0.9 }, 10), [undefined, undefined]);
    assert.deepEqual(landings('at about 12:00', {}, 10), [undefined]);
  });

  test('a time that is not on a step, a span and a time outside of the video are not touched', () => {
    assert.deepEqual(landings('at 12:03, from 12:00 to 12:20, at 75:00', { 725: 0.9 }, 10), [undefined, undefined, undefined]);
  });

  test('a model that tells the second is taken at its word', () => {
    assert.deepEqual(landings('at 12:00', { 725: 0.9 }, undefined), [undefined]);
  });
});
