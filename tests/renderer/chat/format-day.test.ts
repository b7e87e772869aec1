import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDay } from '../../../renderer/chat/format-day.ts';

const now = new Date(2026, 10, 21, 15, 0).getTime();

test('when a conversation was last used is as short as it stays clear', () => {
  assert.equal(formatDay(new Date(2026, 10, 21, 9, 5).getTime(), now, 'en'), '09:05 AM');
  assert.equal(formatDay(new Date(2026, 10, 20, 23, 0).getTime(), now, 'en'), 'Nov 20');
  assert.equal(formatDay(new Date(2025, 1, 3).getTime(), now, 'en'), 'Feb 3, 2025');
  assert.equal(formatDay(new Date(2026, 10, 20).getTime(), now, 'zh'), '11月20日');
});
