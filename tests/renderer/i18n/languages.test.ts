import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDay } from '../../../renderer/chat/format-day.ts';
import { dateLocale, shownLanguage } from '../../../renderer/i18n/languages.ts';

test('the language is the one that was chosen, or the first of the system\'s that there is', () => {
  assert.deepEqual([shownLanguage('zh', ['en-GB']), shownLanguage('system', ['de-DE', 'zh-CN', 'en-GB']), shownLanguage('system', ['de-DE'])], ['zh', 'zh', 'en']);
});

test('dates are written as in the system\'s own region, where it has one for the language of the interface', () => {
  assert.deepEqual([dateLocale('en', ['de-DE', 'en-GB', 'en-US']), dateLocale('en', ['en']), dateLocale('en', ['de-DE']), dateLocale('zh', ['en-GB', 'zh-CN'])], ['en-GB', 'en', 'en', 'zh-CN']);
  const [now, then] = [new Date(2026, 10, 21).getTime(), new Date(2025, 1, 3).getTime()];
  assert.deepEqual(['en-GB', 'en-US'].map((tag) => formatDay(then, now, dateLocale('en', [tag]))), ['3 Feb 2025', 'Feb 3, 2025']);
});
