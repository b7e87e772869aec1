import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldedQuestion } from '../../../renderer/chat/folded-question.ts';

test('a question that fills a screen is folded, by its letters or its lines, and a usual one is not', () => {
  assert.equal(foldedQuestion('When does the bell appear?'), undefined);
  assert.equal(foldedQuestion('word '.repeat(250)), undefined, 'folded for a word or two, it would only be in the way');
  assert.ok((foldedQuestion('word '.repeat(17_000))?.length ?? Infinity) < 1300);
  assert.equal(foldedQuestion('a line of a list\n'.repeat(200))?.split('\n').length, 16);
});
