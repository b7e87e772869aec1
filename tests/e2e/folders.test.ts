import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { openLibrary } from '../../engine/library/index.ts';
import { runCli, runJson } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const scratch = scratchDirectory('cli-folders');
const home = path.join(scratch, 'home');
const directory = path.join(scratch, 'party');
const alone = path.join(scratch, 'alone.mp4');
const short = ['--max-tokens', '12', '--provider', 'cpu'];

before(async () => {
  mkdirSync(directory);
  await Promise.all([makeVideo(path.join(directory, 'one.mp4'), { seconds: 11 }), makeVideo(path.join(directory, 'two.mp4'), { seconds: 12 }), makeVideo(alone, { seconds: 13 })]);
});

suite('folders and several videos on the command line', () => {
  test('one question is asked of a folder of the disk, bad files are named, and the app finds it all', async () => {
    writeFileSync(path.join(directory, 'bad.mp4'), 'no video');
    const { code, value } = await runJson(home, ['ask', '--across', directory, 'What is there?', ...short]);
    const answers = value['answers'] as { video: string; videoId: string | null; answer?: string; error?: { code: string } }[];
    assert.deepEqual(answers.map(({ video, error }) => [path.basename(video), error?.code]), [['bad.mp4', 'not-a-video'], ['one.mp4', undefined], ['two.mp4', undefined]]);
    assert.notEqual(code, 0, 'a program that calls it learns that one was not answered');
    using library = openLibrary(path.join(home, 'library.sqlite'));
    const [survey] = library.surveys.list();
    assert.deepEqual([survey?.id, survey?.question, survey?.askedCount], [value['surveyId'], 'What is there?', 2]);
    assert.deepEqual(library.surveys.parts(survey?.id ?? '').map(({ answerId }) => library.messages.get(answerId ?? '').content), answers.slice(1).map(({ answer }) => answer));
  });

  test('videos are put into a folder, listed in it and asked by its name', async () => {
    assert.equal((await runJson(home, ['library', 'folder', 'put', 'Party', 'one.mp4', 'two.mp4'])).code, 0);
    const { stdout } = await runCli(home, ['library', 'list']);
    assert.match(stdout, /^Party\/\n {2}two\.mp4 .*\n {4}.*\n {2}one\.mp4 /mu);
    const { value } = await runJson(home, ['library', 'list']);
    const [folder] = value['folders'] as { id: string; name: string }[];
    assert.deepEqual((value['videos'] as { folderId: string }[]).map(({ folderId }) => folderId), [folder?.id, folder?.id]);
    const { code, stdout: said, stderr } = await runCli(home, ['ask', '--across', 'party', alone, 'Where is it?', ...short]);
    assert.equal(code, 0, stderr);
    assert.deepEqual([...said.matchAll(/^## (.*)$/gmu)].map(([, title]) => title), ['one.mp4', 'two.mp4', 'alone.mp4']);
    assert.match(stderr, /first token/u);
  });

  test('a folder is renamed and removed, and its videos stay', async () => {
    assert.equal((await runJson(home, ['library', 'folder', 'rename', 'PARTY', 'Winter'])).value['folder'], 'Winter');
    assert.match((await runCli(home, ['library', 'folder', 'remove', 'Winter'])).stdout, /still in the library/u);
    const { code, value } = await runJson(home, ['library', 'folder', 'remove', 'Winter']);
    assert.deepEqual([(value['error'] as { code: string }).code, code === 0], ['not-found', false]);
  });

  test('what is asked of nobody, or the wrong way round, is refused in words', async () => {
    for (const words of [[alone, directory], ['none.mp4', 'What?']]) {
      const { code, stderr } = await runCli(home, ['ask', '--across', ...words, ...short]);
      assert.notEqual(code, 0, stderr);
      assert.match(stderr, /\[(?:bad-argument|file-not-found)\]/u);
    }
  });
});
