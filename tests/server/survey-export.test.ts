import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportSurvey, type ExportedPart } from '../../engine/server/survey-export.ts';

const part = (madeUp: boolean, content: string | undefined): ExportedPart => ({
  videoId: 'v', videoTitle: 'film', conversationId: null, waiting: false, error: null, madeUp,
  answer: content === undefined ? null : { id: 'a', parentId: 'q', role: 'assistant', content, createdAtMs: 0, siblingIds: ['a'], answer: { state: content === '' ? 'stopped' : 'complete', model: 'demo', citations: [] } } as unknown as ExportedPart['answer'],
});
const written = (parts: readonly ExportedPart[]): readonly boolean[] => (['markdown', 'html', 'json'] as const)
  .map((format) => /Made up|"madeUp": true/u.test(exportSurvey({ question: 'What?', createdAtMs: 0, parts }, format, 'en').text));

test('an answer that is made up is called so before its words, whatever these are', () => {
  const parts = [part(true, '```\nno end')];
  assert.deepEqual(written(parts), [true, true, true]);
  const { text } = exportSurvey({ question: 'What?', createdAtMs: 0, parts }, 'markdown', 'en');
  assert.ok(text.indexOf('Made up') < text.indexOf('no end'), text);
});

test('nothing is called made up of a film that the model understands, nor where it said nothing', () => {
  assert.deepEqual(written([part(false, 'A bell.')]), [false, false, false]);
  assert.deepEqual(written([part(true, '')]), [false, false, false]);
  assert.deepEqual(written([part(false, undefined)]), [false, false, false]);
});
