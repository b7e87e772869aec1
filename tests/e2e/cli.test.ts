import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { runCli, runJson } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const scratch = scratchDirectory('cli');
const home = path.join(scratch, 'home');
const video = path.join(scratch, 'a film 🎬.mp4');

before(async () => { await makeVideo(video, { seconds: 20 }); });

suite('command line', () => {
  for (const command of ['ask', 'chat', 'chapters', 'ingest', 'export', 'import', 'library', 'conversations', 'search', 'queue', 'settings', 'models', 'golden', 'eval', 'bench', 'serve', 'mcp', 'start']) {
    test(`${command} --help explains itself with an example`, async () => {
      const { code, stdout } = await runCli(home, [command, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, /Example:\n {2}longtake /);
    });
  }

  test('exit codes are in the help', async () => {
    const { stdout } = await runCli(home, ['--help']);
    for (const code of [0, 1, 2, 3, 4, 5, 130]) assert.match(stdout, new RegExp(`^ +${code} {2}`, 'm'));
  });

  test('models and library alone list what there is', async () => {
    for (const name of ['models', 'library']) {
      const [alone, list] = [await runJson(path.join(scratch, 'new'), [name]), await runJson(path.join(scratch, 'new'), [name, 'list'])];
      assert.deepEqual([alone.code, Object.keys(alone.value)], [0, Object.keys(list.value)]);
    }
  });

  test('a wrong command line is an object with --json, and a name with a dash gets a hint', async () => {
    const { code, value } = await runJson(home, ['ask', video]);
    assert.equal(code, 2);
    assert.deepEqual(value['error'], { code: 'bad-argument', message: "missing required argument 'question'", data: {} });
    const before = process.cwd();
    process.chdir(scratch);
    writeFileSync('-f.mp4', '');
    try {
      assert.match((await runCli(home, ['ask', '-f.mp4', 'What?'])).stderr, /^A file whose name begins with a dash is named \.\/-f\.mp4$/mu);
    } finally {
      process.chdir(before);
    }
  });

  test('a wrong command line is exit 2', async () => {
    for (const args of [['unknown'], ['ask'], ['ask', video], ['ask', video, 'x', '--provider', 'abacus'], ['ask', video, 'x', '--max-tokens', '-1'],
      ['ask', video, 'x', '--max-tokens', '0'], ['ask', video, 'x', '--uniform', '0'], ['serve', '--port', '65536']]) {
      assert.equal((await runCli(home, args)).code, 2, args.join(' '));
    }
  });
});

suite('asking', () => {
  test('ask --json prints what it promises, on stdout alone', async () => {
    const { code, value } = await runJson(home, ['ask', video, 'What is there?', 'And then?']);
    assert.equal(code, 0);
    assert.deepEqual(Object.keys(value).sort(), ['answer', 'citations', 'lookedAt', 'memory', 'model', 'provider', 'timings', 'turns']);
    assert.equal(typeof value['answer'], 'string');
    const turns = value['turns'] as { question: string; answer: string }[];
    assert.deepEqual(turns.map(({ question }) => question), ['What is there?', 'And then?']);
    assert.deepEqual(value['memory'], { frames: 20, tokens: 128 * 17, coverageSeconds: 20 }); // a short video is repeated to 128 frames
    const lookedAt = value['lookedAt'] as { binSeconds: number; share: number[] };
    assert.equal(lookedAt.share.length * lookedAt.binSeconds, 20);
    assert.ok(Math.abs(lookedAt.share.reduce((sum, share) => sum + share, 0) - 1) < 1e-3);
    const timings = value['timings'] as Record<string, number>;
    assert.deepEqual(Object.keys(timings).sort(), ['encodeMs', 'firstTokenMs', 'memoryMs', 'tokensPerSecond']);
  });

  test('a video that was cut off says how much of it is in memory', async () => {
    const whole = path.join(scratch, 'whole.mkv');
    const cut = path.join(scratch, 'cut.mkv');
    await makeVideo(whole, { seconds: 20 });
    const bytes = readFileSync(whole);
    writeFileSync(cut, bytes.subarray(0, bytes.length / 2));
    const { frames, coverageSeconds } = (await runJson(home, ['ask', cut, 'What is there?'])).value['memory'] as { frames: number; coverageSeconds: number };
    assert.ok(frames > 5 && frames < 15, String(frames));
    assert.ok(Math.abs(coverageSeconds - frames) < 1, `${coverageSeconds} s from ${frames} frames`);
    assert.equal((await runCli(home, ['library', 'remove', cut])).code, 0);
  });

  test('a second command does not encode again', async () => {
    const { value } = await runJson(home, ['ask', video, 'What is there?']);
    const [turn] = value['turns'] as { timings: { encodeMs: number } }[];
    assert.equal(turn?.timings.encodeMs, 0);
  });

  test('the same question gets the same answer, with random forgetting and with sampling of one seed too', async () => {
    const ask = async (...flags: string[]): Promise<unknown> => (await runJson(home, ['ask', video, 'What is there?', ...flags])).value['answer'];
    for (const flags of [[], ['--forgetting', 'random'], ['--sample', '--seed', '5']]) assert.equal(await ask(...flags), await ask(...flags));
  });

  test('a moved and renamed video is not encoded again', async () => {
    const moved = path.join(scratch, 'moved.mp4');
    renameSync(video, moved);
    const { value } = await runJson(home, ['ingest', moved]);
    renameSync(moved, video);
    assert.equal((value['videos'] as { encodedFrames: number }[])[0]?.encodedFrames, 0);
  });

  test('an empty and a far too long question get their sentences', async () => {
    const fresh = path.join(scratch, 'unwatched');
    const empty = await runCli(fresh, ['ask', video, 'What?', '  ']);
    assert.equal(empty.code, 3);
    assert.match(empty.stderr, /question is empty/);
    assert.ok(!existsSync(fresh), 'nothing was watched for it');
    const long = await runCli(home, ['ask', video, '7'.repeat(60_000)]);
    assert.equal(long.code, 3);
    assert.match(long.stderr, /takes \d+ tokens .* fit .*fewer words/);
  });

  test('bad files get a sentence, a code and an exit code, and an object with --json', async () => {
    const text = path.join(scratch, 'text.mp4');
    writeFileSync(text, 'this is no video');
    for (const [file, expected] of [[path.join(scratch, 'none.mp4'), 'file-not-found'], [text, 'not-a-video']] as const) {
      const { code, stderr } = await runCli(home, ['ask', file, 'What?']);
      assert.equal(code, 3);
      assert.ok(stderr.includes(`[${expected}]`), stderr);
      const { value } = await runJson(home, ['ask', file, 'What?']);
      assert.equal((value['error'] as { code: string }).code, expected);
    }
  });
});

suite('watching several videos', () => {
  test('one that cannot be read keeps no other from being watched', async () => {
    const text = path.join(scratch, 'letter.mp4');
    writeFileSync(text, 'Dear reader');
    const { code, value } = await runJson(home, ['ingest', text, path.join(scratch, 'none.mp4'), video]);
    assert.equal(code, 3);
    const videos = value['videos'] as { video: string; frames?: number; error?: { code: string } }[];
    assert.deepEqual(videos.map(({ error, frames }) => error?.code ?? frames), ['not-a-video', 'file-not-found', 20]);
  });
});

suite('a recording whose header says no length', () => {
  test('has one in the library once it was watched', async () => {
    const raw = path.join(scratch, 'raw.h264');
    await makeVideo(raw, { seconds: 20, framesPerSecond: 25 });
    assert.equal((await runCli(home, ['ingest', raw])).code, 0);
    const videos = (await runJson(home, ['library', 'list'])).value['videos'] as { title: string; durationSeconds?: number }[];
    assert.ok(Math.abs((videos.find(({ title }) => title === 'raw.h264')?.durationSeconds ?? 0) - 20) < 1, JSON.stringify(videos));
    assert.equal((await runCli(home, ['library', 'remove', raw])).code, 0);
  });
});

suite('memories on other machines', () => {
  const archive = path.join(scratch, 'film.longtake');
  const otherHome = path.join(scratch, 'other');

  test('a memory is exported, imported elsewhere, and answers there without its video', async () => {
    const exported = await runJson(home, ['export', video, archive, '--chats']);
    assert.equal(exported.code, 0);
    assert.ok((exported.value['conversations'] as number) > 0);
    const here = (await runJson(home, ['ask', video, 'What is there?'])).value['answer'];
    const imported = await runJson(otherHome, ['import', archive]);
    assert.equal(imported.code, 0);
    assert.equal(imported.value['frames'], 20);
    const there = await runJson(otherHome, ['ask', path.basename(video), 'What is there?']);
    assert.equal(there.value['answer'], here);
    assert.equal((await runJson(otherHome, ['import', archive])).value['alreadyThere'], true);
  });

  test('an existing file is not overwritten without being asked to', async () => {
    assert.equal((await runCli(home, ['export', video, archive])).code, 2);
    assert.equal((await runCli(home, ['export', video, archive, '--overwrite'])).code, 0);
    const before = readFileSync(video);
    const itself = await runCli(home, ['export', video, video, '--overwrite']);
    assert.equal(itself.code, 2);
    assert.match(itself.stderr, /is the video itself\. Choose another name/u);
    assert.ok(before.equals(readFileSync(video)));
  });

  test('one flipped byte and the import is refused, and nothing of it is there', async () => {
    const damaged = path.join(scratch, 'damaged.longtake');
    copyFileSync(archive, damaged);
    const bytes = readFileSync(damaged);
    const middle = bytes.length >> 1;
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    writeFileSync(damaged, bytes);
    const fresh = path.join(scratch, 'fresh');
    const { code, stderr } = await runCli(fresh, ['import', damaged]);
    assert.equal(code, 4, stderr);
    assert.deepEqual((await runJson(fresh, ['library', 'list'])).value['videos'], []);
  });
});

suite('a damaged memory', () => {
  test('is refused by name with what to do, and doing it keeps the conversations', async () => {
    const [{ directory } = { directory: '' }] = (await runJson(home, ['ingest', video])).value['videos'] as { directory: string }[];
    const file = path.join(directory, 'features-000000.safetensors');
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.from(bytes).fill(1, 5000, 5004));
    const refused = await runCli(home, ['ask', video, 'What is there?']);
    assert.equal(refused.code, 4);
    assert.match(refused.stderr, /features-000000\.safetensors .*ingest --again/u);
    const conversations = async (): Promise<unknown> => ((await runJson(home, ['library', 'list'])).value['videos'] as { conversations: number }[])[0]?.conversations;
    const before = await conversations();
    assert.equal((await runCli(home, ['ingest', video, '--again'])).code, 0);
    assert.ok(bytes.equals(readFileSync(file)));
    assert.deepEqual([await conversations(), (await runCli(home, ['ask', video, 'What is there?'])).code], [before, 0]);
  });
});

suite('library', () => {
  test('lists videos with frames, bytes and conversations', async () => {
    const { value } = await runJson(home, ['library', 'list']);
    const [entry] = value['videos'] as { title: string; conversations: number; memories: { frameCount: number; byteLength: number; state: string }[] }[];
    assert.equal(entry?.title, path.basename(video));
    assert.ok((entry?.conversations ?? 0) > 0);
    const exact = entry?.memories[0];
    assert.equal(exact?.frameCount, 20);
    assert.equal(exact?.state, 'complete');
    assert.ok((exact?.byteLength ?? 0) > 20 * 16 * 192 * 2);
  });

  test('moves to another folder and is found there', async () => {
    const moving = path.join(scratch, 'moving');
    await runCli(moving, ['import', path.join(scratch, 'film.longtake')]);
    assert.equal((await runCli(moving, ['library', 'move', path.join(scratch, 'elsewhere')])).code, 0);
    const { value } = await runJson(moving, ['library', 'list']);
    assert.equal((value['videos'] as unknown[]).length, 1);
    assert.ok(existsSync(path.join(scratch, 'elsewhere', 'library.sqlite')));
  });

  test('removing a video frees its memory and leaves the file alone', async () => {
    const { code, value } = await runJson(home, ['library', 'remove', video]);
    assert.equal(code, 0);
    assert.ok((value['byteLength'] as number) > 0);
    assert.ok(existsSync(video));
    assert.deepEqual((await runJson(home, ['library', 'list'])).value['videos'], []);
    assert.equal((await runCli(home, ['library', 'remove', video])).code, 3);
  });

  test('models lists the demo model and says what it is', async () => {
    const { stdout } = await runCli(home, ['models', 'list']);
    assert.match(stdout, /^demo {2}/m);
    assert.match(stdout, /Pebble Town/);
  });
});

