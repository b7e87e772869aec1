import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { runCli, runJson, startCli } from '../support/cli.ts';
import { hashDirectory, scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const scratch = scratchDirectory('kill');
const video = path.join(scratch, 'a quarter of an hour.mp4');
const seconds = 900;
const kills = 20;

const memoryOf = async (home: string): Promise<string> => {
  const { value } = await runJson(home, ['ingest', video]);
  const [first] = value['videos'] as { directory: string }[];
  assert.ok(first);
  return first.directory;
};

suite('killing an encode', () => {
  test('twenty kill -9 at random moments, and the memory has the bytes of one that was never disturbed', { timeout: 600_000 }, async (context) => {
    await makeVideo(video, { seconds });
    const undisturbed = path.join(scratch, 'undisturbed');
    const beforeMs = performance.now();
    const expected = hashDirectory(await memoryOf(undisturbed));
    const wholeMs = performance.now() - beforeMs;

    const home = path.join(scratch, 'killed');
    assert.equal((await runCli(home, ['models', 'list'])).code, 0); // the kills are for the encode, not for preparing the model
    let killedAlive = 0;
    for (let kill = 0; kill < kills; kill++) {
      const child = startCli(home, ['ingest', video]);
      const ended = new Promise<boolean>((resolve) => child.on('close', (code) => { resolve(code === null); }));
      await wait(400 + Math.random() * wholeMs * 0.15);
      child.kill('SIGKILL');
      if (await ended) killedAlive++;
    }
    context.diagnostic(`${killedAlive} of ${kills} processes were alive when they were killed; undisturbed took ${Math.round(wholeMs)} ms`);
    assert.ok(killedAlive > kills / 2, 'the encode must be long enough to be killed in');
    assert.equal(hashDirectory(await memoryOf(home)), expected);
  });

  test('Ctrl-C stops cleanly, keeps what was encoded, and the next run goes on', { timeout: 240_000 }, async () => {
    const home = path.join(scratch, 'stopped');
    const shorter = path.join(scratch, 'five minutes.mp4');
    await makeVideo(shorter, { seconds: 300 });
    await runCli(home, ['models', 'list']);
    const child = startCli(home, ['ingest', shorter]);
    let stderr = '';
    child.stderr?.on('data', (part: Buffer) => { stderr += part.toString(); });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (!/[1-9]0\.\d %/.test(stderr)) await wait(20);
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    const { value } = await runJson(home, ['ingest', shorter]);
    const [result] = value['videos'] as { reusedFrames: number; frames: number }[];
    assert.ok((result?.reusedFrames ?? 0) > 0, 'frames of the stopped run are used');
    assert.equal(result?.frames, 300);
  });
});
