import assert from 'node:assert/strict';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { describeIdle } from '../../engine/cli/options.ts';
import { llavaVideoConfig, tinyLlavaVideoSizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { runCli } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const scratch = scratchDirectory('idle-options');
const [model, video] = [path.join(scratch, 'checkpoint'), path.join(scratch, 'film.mp4')];

before(async () => {
  await writeCheckpoint(model, tinyLlavaVideoSizes, { config: llavaVideoConfig(tinyLlavaVideoSizes) });
  await makeVideo(video, { seconds: 3 });
});

suite('options that a model does not know', () => {
  test('are named by their flags', () => {
    assert.equal(describeIdle([]), '');
    assert.equal(describeIdle(['textMask', 'repository']), 'This model has no MemAug and forgets nothing; without effect: --text-mask, --no-memaug.');
  });

  test('ask says so once, and answers', async () => {
    const { code, stderr } = await runCli(path.join(scratch, 'home'), ['ask', video, 'What is there?', '--model', model, '--provider', 'cpu', '--max-tokens', '3', '--forgetting', 'random']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(stderr.match(/^This model has no MemAug.*$/gmu), ['This model has no MemAug and forgets nothing; without effect: --forgetting.']);
  });
});
