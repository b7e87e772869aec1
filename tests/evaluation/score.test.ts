import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Question } from '../../engine/evaluation/question-set.ts';
import { scoreReply } from '../../engine/evaluation/score.ts';
import { wilsonInterval } from '../../engine/evaluation/table.ts';

const base = { task: 'Object Attribute', topic: 'Object', form: 'open-ended', question: '?', evidence: [] } as const;
const colour: Question = { ...base, answer: 'red', values: ['red', 'green', 'dark red'], evidence: [] };
const when: Question = { ...base, answer: '12:40', evidence: [] };
const choice: Question = { ...base, form: 'multiple-choice', answer: 'B', options: ['red', 'green', 'blue', 'white'], evidence: [] };

suite('scoring a reply', () => {
  test('the key counts, whatever stands around it', () => {
    assert.ok(scoreReply(colour, 'The balloon is Red.').correct);
    assert.ok(scoreReply(colour, 'Red: that is what it is.').correct);
    assert.ok(!scoreReply(colour, 'The balloon is bored.').correct);
    assert.ok(!scoreReply(colour, '').correct);
  });

  test('a reply that names another value as well is wrong', () => {
    assert.ok(!scoreReply(colour, 'Red or green.').correct);
  });

  test('a time is right within thirty seconds, and its error is kept', () => {
    assert.deepEqual(scoreReply(when, 'It appears at 12:55.'), { correct: true, declined: false, timeErrorSeconds: 15 });
    assert.deepEqual(scoreReply(when, 'At 14:00.'), { correct: false, declined: false, timeErrorSeconds: 80 });
    assert.deepEqual(scoreReply(when, 'Later.'), { correct: false, declined: false, timeErrorSeconds: Infinity });
  });

  test('multiple choice takes the letter, or the one option that is named', () => {
    for (const reply of ['B', 'B. green', '(B) green', 'The answer is B.', 'It is green.', 'green, so B.']) assert.ok(scoreReply(choice, reply).correct, reply);
    for (const reply of ['A', 'C. green', 'green or red', 'A green one', '']) assert.ok(!scoreReply(choice, reply).correct, reply);
  });

  test('a question without an answer must be declined, and no other is right when it is', () => {
    const nothing: Question = { ...colour, unanswerable: true };
    for (const reply of ["I don't see that in this video.", 'I don’t see a kite in this video.']) {
      assert.deepEqual(scoreReply(nothing, reply), { correct: true, declined: true }, reply);
      assert.equal(scoreReply(colour, reply).correct, false);
    }
    assert.equal(scoreReply(nothing, 'The kite is red.').correct, false);
  });

  test('a reply with several parts must get each of them right', () => {
    const describe: Question = { ...base, answer: 'red', evidence: [], facts: [
      { answer: 'red', values: ['red', 'blue'] }, { answer: 'park', values: ['park', 'farm'] }, { answer: '12:40', values: [] },
    ] };
    assert.ok(scoreReply(describe, 'A red kite is in the park at about 12:40.').correct);
    for (const reply of ['A red kite is at the farm at about 12:40.', 'A red kite at 12:40.', 'A red kite in the park at 14:00.']) {
      assert.ok(!scoreReply(describe, reply).correct, reply);
    }
  });

  test('the interval of a perfect score does not claim certainty', () => {
    const [low, high] = wilsonInterval(20, 20);
    assert.ok(low > 0.8 && low < 0.87 && high === 1);
  });
});
