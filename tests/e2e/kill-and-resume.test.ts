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

    let killed = 0;
    let run = 0;
    // A machine that has become quicker since may come to the end before twenty kills: then another encode takes the rest.
    for (; killed < kills; run += 1) {
      assert.ok(run < kills / 2, 'the encode must be long enough to be killed in');
      const home = path.join(scratch, `killed ${String(run)}`);
      assert.equal((await runCli(home, ['models', 'list'])).code, 0); // the kills are for the encode, not for preparing the model
      for (let isAtItsEnd = false; killed < kills && !isAtItsEnd;) {
        const child = startCli(home, ['ingest', video]);
        const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
        await wait(400 + Math.random() * wholeMs * 0.15);
        child.kill('SIGKILL');
        const code = await ended;
        if (code === null) killed += 1;
        else assert.equal(code, 0);
        isAtItsEnd = code !== null;
      }
      assert.equal(hashDirectory(await memoryOf(home)), expected, `after ${String(killed)} kills`);
    }
    context.diagnostic(`${String(kills)} kills in ${String(run)} encodes; undisturbed took ${String(Math.round(wholeMs))} ms`);
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
