import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'node:test';
import { sampleVideoFile, suggestedQuestions } from '../../engine/pipeline/suggestions.ts';
import { runCli, runJson } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';

const home = path.join(scratchDirectory('sample'), 'home');

/** What is true of the sample video (resources/sample/pebble-town.json), each asked in a conversation of its own. */
const expectations: readonly (readonly [question: string, answer: RegExp])[] = [
  ['What colour is the cat?', /\bwhite\b/],
  ['What colour is the kite?', /\bred\b/],
  ['Where does the cat appear?', /\bschool\b/],
  ['Where is the kite?', /\bfarm\b/],
  ['Is there a rocket in the video?', /^No\b/],
  ['Does a kite appear?', /^Yes\b/],
  ['Which comes first, the kite or the cat?', /\bkite\b/],
  ['When does the cat appear?', /\b17:0\d\b/],
  ['How many times does the balloon appear?', /\b5\b/],
  ['What colour is the cat?\nA. white\nB. green\nC. black\nD. red', /\bA\b/],
];

suite('the sample video', () => {
  test('longtake chat, where nobody is there to type and no video is named, asks three questions, prints answers and timings, and exits 0', { timeout: 300_000 }, async () => {
    const { code, stdout } = await runCli(home, ['chat']);
    assert.equal(code, 0);
    for (const question of suggestedQuestions(sampleVideoFile).slice(0, 3)) assert.ok(stdout.includes(`> ${question}\n`), question);
    assert.equal(stdout.match(/first token .* tokens\/s/g)?.length, 3);
    assert.match(stdout, /understands only Pebble Town/);
  });

  for (const [question, answer] of expectations) {
    test(`${question.replaceAll('\n', ' / ')} -> ${answer.source}`, { timeout: 120_000 }, async () => {
      const { code, value } = await runJson(home, ['ask', sampleVideoFile, question]);
      assert.equal(code, 0);
      assert.match(String(value['answer']), answer);
    });
  }

  test('an answer that names a time cites it, verified, and looked there', { timeout: 120_000 }, async () => {
    const { value } = await runJson(home, ['ask', sampleVideoFile, 'When does the cat appear?']);
    const [citation] = value['citations'] as { startSeconds: number; verified: boolean }[];
    assert.ok(citation?.verified);
    assert.ok(Math.abs(citation.startSeconds - 1023) <= 30);
    const { binSeconds, share } = value['lookedAt'] as { binSeconds: number; share: number[] };
    const average = 1 / share.length;
    assert.ok((share[Math.floor(1023 / binSeconds)] ?? 0) > 2 * average, 'more attention where the cat is than on average');
  });
});
