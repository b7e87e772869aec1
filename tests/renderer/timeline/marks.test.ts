import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { MessageEntry } from '../../../engine/protocol/methods-conversations.ts';
import { marksOf, type Mark } from '../../../renderer/store/marks.ts';
import { placeMarks } from '../../../renderer/timeline/place-marks.ts';

const answer = (id: string, times: readonly (readonly [startSeconds: number, endSeconds: number])[]): MessageEntry => ({
  id, parentId: null, role: 'assistant', content: '', createdAtMs: 0, siblingIds: [id],
  answer: { state: 'complete', citations: times.map(([startSeconds, endSeconds], offset) => ({ startSeconds, endSeconds, text: '0:00', offset, verified: true })), droppedTurns: 0 },
});
const mark = (startSeconds: number, endSeconds = startSeconds): Mark => ({ answerId: 'a', startSeconds, endSeconds, text: '', verified: true });
const hour = { view: { startSeconds: 0, endSeconds: 3600 }, width: 720 };

suite('marks of the timeline', () => {
  test('they stand in the order of the video, the same moment once for an answer', () => {
    const marks = marksOf([answer('a', [[50, 50], [10, 12], [50, 50]]), answer('b', [[50, 50]])]);
    assert.deepEqual(marks.map(({ answerId, startSeconds }) => `${answerId} ${startSeconds}`), ['a 10', 'a 50', 'b 50']);
  });

  test('questions have none', () => {
    assert.deepEqual(marksOf([{ id: 'q', parentId: null, role: 'user', content: 'At 0:10?', createdAtMs: 0, siblingIds: ['q'] }]), []);
  });

  test('a moment is as wide as can be hit, around its place; a span as wide as it is', () => {
    assert.deepEqual(placeMarks(hour, [mark(1800), mark(2000, 2500)], 8).map(({ left, width }) => [left, width]), [[356, 8], [400, 100]]);
  });

  test('what nobody could tell apart is one mark, and comes apart when it is zoomed', () => {
    const marks = [mark(100), mark(105), mark(400)];
    assert.deepEqual(placeMarks(hour, marks, 8).map((placed) => placed.marks.length), [2, 1]);
    assert.deepEqual(placeMarks({ view: { startSeconds: 90, endSeconds: 120 }, width: 720 }, marks, 8).map((placed) => placed.marks.length), [1, 1]);
  });
});
