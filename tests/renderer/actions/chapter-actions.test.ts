import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { actionOf } from '../../../renderer/actions/table.ts';
import type { AppContextValue } from '../../../renderer/store/use-app.ts';

const chapters = [5, 60, 90].map((startSeconds, index, all) => ({ startSeconds, endSeconds: all[index + 1] ?? 120, title: '', text: '' }));

/** Where an action leads in a film of two minutes. */
function seekFrom(action: 'chapters.previous' | 'chapters.next', currentSeconds: number): number {
  let seconds = currentSeconds;
  const state = { currentSeconds, chapters: { chapters }, seek(to: number) { seconds = to; } };
  actionOf(action).perform({ store: { getState: () => state } } as unknown as AppContextValue);
  return seconds;
}

suite('from chapter to chapter', () => {
  test('on: to the next that begins; after the last, nowhere', () => {
    assert.deepEqual([0, 5, 59, 60, 95].map((seconds) => seekFrom('chapters.next', seconds)), [5, 60, 60, 90, 95]);
  });

  test('back: to where this one begins, and right after that to the one before', () => {
    assert.deepEqual([3, 6, 30, 61, 62, 100].map((seconds) => seekFrom('chapters.previous', seconds)), [0, 0, 5, 5, 60, 90]);
  });
});
