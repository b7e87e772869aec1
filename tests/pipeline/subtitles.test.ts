import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { openVideoChat } from '../../engine/pipeline/video-chat.ts';
import { defaultAnswerSettings, type AnswerSettings } from '../../engine/pipeline/settings.ts';
import { tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const scratch = scratchDirectory('subtitles');
const video = path.join(scratch, 'film.mp4');
const checkpoint = path.join(scratch, 'checkpoint');
const settings: AnswerSettings = { ...defaultAnswerSettings, provider: 'cpu', maxNewTokens: 2 };

before(async () => {
  process.env['LONGTAKE_HOME'] = path.join(scratch, 'home');
  await makeVideo(video, { seconds: 20 });
  writeFileSync(path.join(scratch, 'film.srt'), '1\n00:00:02,000 --> 00:00:05,000\nA goat!\n\n2\n00:00:09,000 --> 00:00:12,000\nTwo goats!\n\n3\n00:00:15,100 --> 00:00:15,900\nToo short for a frame.\n');
  await writeCheckpoint(checkpoint, tinySizes);
});

suite('subtitles of a video that is asked about', () => {
  test('a model reads those that its frames show where it is to', async () => {
    await using chat = await openVideoChat(video, { ...settings, model: checkpoint, subtitles: true });
    assert.deepEqual((await chat.ask('What is said?')).subtitles, { lines: 2, of: 2 });
  });

  test('and only then', async () => {
    await using chat = await openVideoChat(video, { ...settings, model: checkpoint });
    assert.equal((await chat.ask('What is said?')).subtitles, undefined);
  });

  test('the demo model, which has no words for them, goes without', async () => {
    await using chat = await openVideoChat(video, { ...settings, subtitles: true });
    assert.equal((await chat.ask('What is said?')).subtitles, undefined);
  });
});
