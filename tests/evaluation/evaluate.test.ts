import assert from 'node:assert/strict';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { conditionOf, repositoryOf, sourceOf } from '../../engine/evaluation/conditions.ts';
import { evaluate, pickQuestions, turnsOf } from '../../engine/evaluation/evaluate.ts';
import type { Question, QuestionSet } from '../../engine/evaluation/question-set.ts';
import { compareConditions, tabulate } from '../../engine/evaluation/report.ts';
import type { Memory } from '../../engine/memory/index.ts';
import type { ModelSpec } from '../../engine/models/spec.ts';
import { openEngine } from '../../engine/pipeline/engine.ts';
import { ingestVideo } from '../../engine/pipeline/ingest.ts';
import { defaultAnswerSettings, type AnswerSettings } from '../../engine/pipeline/settings.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const settings: AnswerSettings = { ...defaultAnswerSettings, provider: 'cpu', maxNewTokens: 12 };
const scratch = scratchDirectory('evaluate');
const question: Question = {
  task: 'Object Attribute', topic: 'Object', form: 'open-ended', kind: 'colour', question: 'What colour is the kite?', answer: 'red',
  values: ['red', 'blue'], evidence: [{ startSeconds: 70, endSeconds: 74 }],
};
const setOf = (name: string, questions: Question[]): QuestionSet =>
  ({ name, videoFile: path.join(scratch, `${name}.mp4`), seconds: 140, questions });
const working = { onProgress: () => undefined, signal: new AbortController().signal };

let memory: Memory;
let spec: ModelSpec;

before(async () => {
  process.env['LONGTAKE_HOME'] = path.join(scratch, 'home');
  await makeVideo(path.join(scratch, 'small.mp4'), { seconds: 140 });
  await makeVideo(path.join(scratch, 'wide.mp4'), { seconds: 140, width: 320 });
  await using engine = await openEngine(settings);
  spec = engine.model.spec;
  ({ memory } = await ingestVideo(engine, path.join(scratch, 'small.mp4'), { decoding: 'exact' }));
});

suite('conditions', () => {
  test('a smaller repository leaves MemAug evenly spaced frames at their own places, and the decoder what it had', () => {
    const whole = repositoryOf(memory, spec, conditionOf('memaug', settings));
    const quarter = repositoryOf(memory, spec, conditionOf('repository-25', settings));
    assert.equal(quarter.memory.frames.length, Math.round(whole.memory.frames.length / 4));
    assert.deepEqual([quarter.memory.places[0], quarter.memory.places.at(-1)], [0, whole.memory.placeCount - 1]);
    assert.equal(quarter.memory.placeCount, whole.memory.placeCount);
    assert.deepEqual(quarter.retained, whole.retained);
  });

  test('without the video every frame is empty', async () => {
    const features = await sourceOf(memory, spec, conditionOf('text-only', settings)).readFeatures(3, 5);
    assert.equal(features.length, 2 * spec.tokensPerFrame * spec.vision.channels);
    assert.ok(features.every((value) => value === 0));
  });

  test('a name that is none is refused with those that are', () => {
    assert.throws(() => conditionOf('memory', settings), (error) => isLongtakeError(error, 'bad-argument') && error.message.includes('repository-10'));
    assert.throws(() => repositoryOf(memory, spec, { name: 'none', settings, repositoryShare: 0 }), (error) => isLongtakeError(error, 'bad-argument'));
  });
});

suite('evaluating', () => {
  test('every question is asked under every condition, and without the video different videos get the same answer', async () => {
    const conditions = ['memaug', 'repository-10', 'text-only'].map((name) => conditionOf(name, settings));
    const results = await evaluate([setOf('small', [question]), setOf('wide', [question])], { ...working, conditions });
    assert.deepEqual(results.map(({ set, condition }) => `${set} ${condition}`),
      ['small memaug', 'small repository-10', 'small text-only', 'wide memaug', 'wide repository-10', 'wide text-only']);
    const blind = results.filter(({ condition }) => condition === 'text-only').map(({ reply }) => reply);
    assert.equal(blind[0], blind[1]);
    assert.notEqual(blind[0], '');
    const [everything] = compareConditions(results);
    assert.deepEqual(everything?.rows.map(({ name, total }) => [name, total]), [['memaug', 2], ['repository-10', 2], ['text-only', 2]]);
  });

  test('earlier turns are given before the question', () => {
    const turns = turnsOf({ ...question, question: 'And where?', earlier: [{ question: 'What colour is the kite?', reply: 'It is red.' }] });
    assert.deepEqual(turns.map(({ role, content }) => `${role}: ${content}`), ['user: What colour is the kite?', 'assistant: It is red.', 'user: And where?']);
  });

  test('a limit keeps questions from the whole list', () => {
    const many = Array.from({ length: 10 }, (_, index) => ({ ...question, kind: String(index) }));
    const picked = pickQuestions(many, { limit: 3 }).map(({ kind }) => Number(kind));
    assert.equal(picked.length, 3);
    assert.ok((picked[0] ?? 9) < 4 && (picked[2] ?? 0) > 6, String(picked));
    assert.equal(pickQuestions(many, { only: ['2', '5'] }).length, 2);
  });

  test('declining is counted for questions with and without an answer', () => {
    const judged = { condition: 'as given', set: 'a', seconds: 140, wording: 'train', reply: '', evidenceRetained: true, depth: 0.5, firstTokenMs: 1, moments: undefined } as const;
    const tables = tabulate([
      { ...judged, question: { ...question, unanswerable: true, evidence: [] }, correct: true, declined: true },
      { ...judged, question, correct: false, declined: true },
      { ...judged, question, correct: true, declined: false },
    ]);
    assert.deepEqual(tables.find(({ title }) => title === 'declining')?.rows,
      [{ name: 'unanswerable, declined', correct: 1, total: 1 }, { name: 'answerable, declined', correct: 1, total: 2 }]);
  });

  test('what an answer looked at is held against the evidence, of brief events and where it is measured', () => {
    const judged = { condition: 'as given', set: 'a', seconds: 140, wording: 'train', reply: '', evidenceRetained: true, depth: 0.5, firstTokenMs: 1, correct: true, declined: false, question } as const;
    const long = { ...question, evidence: [{ startSeconds: 0, endSeconds: 60 }] };
    const two = { ...question, evidence: [...question.evidence, { startSeconds: 100, endSeconds: 103 }] };
    const tables = tabulate([
      { ...judged, moments: [72, 20] }, { ...judged, question: two, moments: [75] }, { ...judged, question: long, moments: [100] }, { ...judged, moments: undefined },
    ]);
    assert.deepEqual(tables.find(({ title }) => title === 'looked at')?.rows,
      [{ name: 'evidence that is shown', correct: 2, total: 3 }, { name: 'moments that show evidence', correct: 2, total: 3 }]);
  });
});
