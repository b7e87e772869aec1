import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { drawHeatMap } from '../../engine/evaluation/heat-map.ts';
import { chooseNeedles, joined } from '../../engine/evaluation/needle.ts';
import type { Question, QuestionSet } from '../../engine/evaluation/question-set.ts';
import type { FeatureSource } from '../../engine/protocol/features.ts';

/** Frames of one value each: 100 is the first of the second source. */
const counting = (start: number): FeatureSource =>
  ({ frameCount: 50, readFeatures: (from, to) => Promise.resolve(Uint16Array.from({ length: to - from }, (_, index) => start + from + index)) });

const about = (subject: string, more: Partial<Question> = {}): Question => ({
  task: 'Object Attribute', topic: 'Object', form: 'open-ended', kind: 'colour', question: `What colour is the ${subject}?`, answer: 'red', subject,
  evidence: [{ startSeconds: 10, endSeconds: 14 }], ...more,
});
const set = (name: string, seconds: number, things: string[], questions: Question[]): QuestionSet => ({ name, videoFile: `${name}.mp4`, seconds, things, questions });

suite('a needle in a haystack', () => {
  test('the needle stands at its depth, and the haystack goes on behind it', async () => {
    const source = joined(counting(0), counting(100), { frames: 6, at: 4, first: 20, past: 22 });
    assert.equal(source.frameCount, 8);
    assert.deepEqual([...await source.readFeatures(0, 8)], [0, 1, 2, 3, 120, 121, 4, 5]);
    assert.deepEqual([...await source.readFeatures(3, 6)], [3, 120, 121]);
  });

  test('at both ends of the haystack it is the first or the last', async () => {
    assert.deepEqual([...await joined(counting(0), counting(100), { frames: 2, at: 0, first: 1, past: 2 }).readFeatures(0, 3)], [101, 0, 1]);
    assert.deepEqual([...await joined(counting(0), counting(100), { frames: 2, at: 2, first: 1, past: 2 }).readFeatures(0, 3)], [0, 1, 101]);
  });

  test('needles are short events of other videos that the longest one does not show', () => {
    const sets = [
      set('short', 200, ['kite', 'cat'], [about('kite'), about('cat'), about('duck', { evidence: [{ startSeconds: 0, endSeconds: 90 }] })]),
      set('long', 3600, ['cat'], [about('cat')]),
      set('other', 300, ['robot'], [about('robot', { question: 'What colour is the first one?' }), about('robot'), about('robot', { form: 'multiple-choice' })]),
    ];
    const { haystack, needles } = chooseNeedles(sets, 5);
    assert.equal(haystack.name, 'long');
    assert.deepEqual(needles.map(({ set: from, question }) => `${from.name} ${question.subject ?? ''}`), ['other robot', 'short kite']);
    assert.throws(() => chooseNeedles([set('long', 3600, ['kite'], []), ...sets.slice(0, 1).map((one) => ({ ...one, questions: [about('kite')] }))], 5), /No question is a needle/);
  });

  test('the heat map shows every cell and the mean', () => {
    const picture = drawHeatMap([
      { frames: 200, depth: 0, correct: 5, total: 5 }, { frames: 200, depth: 1, correct: 4, total: 5 },
      { frames: 400, depth: 0, correct: 5, total: 5 }, { frames: 400, depth: 1, correct: 0, total: 5 },
    ], 'Needles & more');
    assert.match(picture, /^<svg [^]*<\/svg>\n$/);
    assert.match(picture, /Needles &amp; more/);
    assert.match(picture, /found: 70\.0 % of 20 questions in 4 cells/);
    for (const figure of ['100', '80', '0']) assert.match(picture, new RegExp(`>${figure}</text>`));
  });
});
