import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { before, suite, test } from 'node:test';
import { runCli, startCli } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const scratch = scratchDirectory('pipes');
const home = path.join(scratch, 'home');
const video = path.join(scratch, 'film.mp4');

before(async () => {
  await makeVideo(video, { seconds: 20 });
  assert.equal((await runCli(home, ['ingest', video])).code, 0);
});

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** What a process wrote until it ended; `onText` sees all of one stream so far whenever there is more. */
async function follow(child: ChildProcess, onText: (text: string, stream: 'stdout' | 'stderr') => void = () => undefined): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.on('data', (part: Buffer) => {
      texts[stream] += part.toString();
      onText(texts[stream], stream);
    });
  }
  const [code] = await once(child, 'close') as [number | null];
  return { code, ...texts };
}

suite('a command whose output nobody takes', () => {
  test('a reader that leaves stops it, with a sentence instead of a stack', async () => {
    for (const args of [['--help'], ['library', 'list'], ['ask', video, 'Is there a cat?', 'And a dog?']]) {
      const child = startCli(home, args);
      child.stdout?.destroy();
      const { code, stderr } = await follow(child);
      assert.equal(code, 130, args.join(' '));
      assert.doesNotMatch(stderr, /EPIPE|^ +at /mu);
    }
  });

  test('a log that nobody reads stops no work', async () => {
    const child = startCli(home, ['ask', video, 'Is there a cat?', '--json']);
    child.stderr?.destroy();
    const { code, stdout } = await follow(child);
    assert.equal(code, 0);
    assert.ok('answer' in (JSON.parse(stdout) as object));
  });

  test('a full disk behind it is said', { skip: existsSync('/dev/full') ? false : 'this system has no /dev/full' }, async () => {
    const { code, stderr } = await follow(startCli(home, ['library', 'list', '--json'], {}, ['ignore', openSync('/dev/full', 'w'), 'pipe']));
    assert.equal(code, 5);
    assert.match(stderr, /^The output could not be written \(ENOSPC\)\. Send it somewhere with room/u);
  });
});

suite('a conversation in a terminal', () => {
  test('questions from a pipe are answered to the last, though the pipe ends at once', async () => {
    const child = startCli(home, ['chat', video, '--json'], {}, 'pipe');
    child.stdin?.end('Is there a cat?\nWhere is it?');
    const { code, stdout } = await follow(child);
    assert.equal(code, 0, stdout);
    const { turns } = JSON.parse(stdout) as { turns: { question: string }[] };
    assert.deepEqual(turns.map(({ question }) => question), ['Is there a cat?', 'Where is it?']);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`${signal} ends it while it waits for a question`, { skip: process.platform === 'win32' }, async () => {
      const child = startCli(home, ['chat', video], {}, 'pipe');
      const { code } = await follow(child, (text, stream) => { if (stream === 'stderr' && text.includes('> ')) child.kill(signal); });
      assert.equal(code, 130);
    });
  }
});

suite('Ctrl-C', () => {
  test('during the first of several questions leaves the others unasked', { skip: process.platform === 'win32' }, async () => {
    const questions = ['Is there a cat?', 'Is there a dog?', 'Is there a kite?'];
    const child = startCli(home, ['ask', video, ...questions]);
    const { code, stdout } = await follow(child, (_text, stream) => { if (stream === 'stdout') child.kill('SIGINT'); });
    assert.equal(code, 130);
    assert.ok(stdout.startsWith('> Is there a cat?\n') && !stdout.includes('> Is there a kite?'), stdout);
  });
});
