import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'node:test';
import { sampleVideoFile, suggestedQuestions } from '../../engine/pipeline/suggestions.ts';
import { runCli, runJson } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';

const home = path.join(scratchDirectory('sample'), 'home');
type Expectation = readonly [question: string, answer: RegExp];

/** What is true of the sample video (resources/sample/pebble-town.json). The first three are what it is suggested to ask. */
const suggested: readonly Expectation[] = [
  ['When does the cat appear?', /\b17:0\d\b/],
  ['Where is the kite?', /\bfarm\b/],
  ['Which comes first, the kite or the cat?', /\bkite\b/],
];
/** The last names a time. A turn over the hour takes seconds; what the browser's flows ask is not asked here once more. */
const others: readonly Expectation[] = [
  ['What colour is the cat?', /\bwhite\b/],
  ['Where does the cat appear?', /\bschool\b/],
  ['Is there a rocket in the video?', /^No\b/],
  ['How many times does the balloon appear?', /\b5\b/],
  ['What colour is the cat?\nA. white\nB. green\nC. black\nD. red', /\bA\b/],
  ['When does the cat appear?', /\b17:0\d\b/],
];

suite('the sample video', () => {
  test('longtake chat, where nobody is there to type and no video is named, asks what is suggested, prints right answers and timings, and exits 0', { timeout: 600_000 }, async () => {
    const { code, stdout } = await runCli(home, ['chat']);
    assert.equal(code, 0);
    assert.deepEqual(suggested.map(([question]) => question), suggestedQuestions(sampleVideoFile).slice(0, 3));
    for (const [question, answer] of suggested) {
      const [, printed = ''] = stdout.split(`> ${question}\n`);
      assert.match(printed.split('\n')[0] ?? '', answer, question);
    }
    assert.equal(stdout.match(/first token .* tokens\/s/g)?.length, 3);
    assert.match(stdout, /understands only Pebble Town/);
  });

  test('every turn of a long conversation is answered right; the time that the last one names is verified, and it looked there', { timeout: 600_000 }, async () => {
    const { code, value } = await runJson(home, ['ask', sampleVideoFile, ...others.map(([question]) => question)]);
    assert.equal(code, 0);
    const turns = value['turns'] as { question: string; answer: string }[];
    for (const [index, [question, answer]] of others.entries()) {
      assert.equal(turns[index]?.question, question);
      assert.match(turns[index].answer, answer, question);
    }
    const [citation] = value['citations'] as { startSeconds: number; verified: boolean }[];
    assert.ok(citation?.verified);
    assert.ok(Math.abs(citation.startSeconds - 1023) <= 30);
    const { binSeconds, share } = value['lookedAt'] as { binSeconds: number; share: number[] };
    const average = 1 / share.length;
    assert.ok((share[Math.floor(1023 / binSeconds)] ?? 0) > 2 * average, 'more attention where the cat is than on average');
  });
});
