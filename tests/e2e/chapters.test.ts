import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { findMediaTools } from '../../engine/media/index.ts';
import { runCli, runJson } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeScenes } from '../support/videos.ts';

const scratch = scratchDirectory('cli-chapters');
const home = path.join(scratch, 'home');
const film = path.join(scratch, 'film.mp4');

/** The same film with chapters of its own. */
async function withChapters(): Promise<string> {
  const [file, metadata] = [path.join(scratch, 'titled.mkv'), path.join(scratch, 'chapters.txt')];
  writeFileSync(metadata, ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=12500\ntitle=Arrival \\= 1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=12500\nEND=42000\n');
  const { ffmpeg } = await findMediaTools();
  const made = spawnSync(ffmpeg, ['-v', 'error', '-y', '-i', film, '-i', metadata, '-map_metadata', '1', '-map_chapters', '1', '-c', 'copy', file], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  return file;
}

before(async () => { await makeScenes(film, [12, 15, 15]); });

suite('longtake chapters', () => {
  test('prints the chapters of a file without a library entry, a model or an encode', async () => {
    const { code, value, stderr } = await runJson(home, ['chapters', await withChapters()]);
    assert.deepEqual([code, value['text'], value['source'], stderr], [0, '0:00 Arrival = 1\n0:12 Chapter 2\n', 'file', '']);
    assert.ok(!existsSync(path.join(home, 'models', 'demo')));
  });

  test('makes them and keeps them; of a film that the demo model does not understand it says where they begin, and nothing else', async () => {
    const none = await runCli(home, ['chapters', film]);
    assert.equal(none.code, 0);
    assert.match(none.stderr, /has no chapters.*--make/u);
    const made = await runJson(home, ['chapters', film, '--make', '--format', 'csv']);
    assert.equal(made.code, 0);
    const chapters = made.value['chapters'] as { startSeconds: number; title: string }[];
    // Two of the three scenes are one chapter: which two look most alike is for the encoder to say.
    const second = chapters[1]?.startSeconds === 27 ? 27 : 12;
    assert.deepEqual(chapters.map(({ startSeconds, title }) => [startSeconds, title]), [[0, ''], [second, '']]);
    assert.deepEqual([made.value['model'], made.value['source'], made.value['summary']], ['demo', 'made', '']);
    assert.match(String(made.value['text']), new RegExp(String.raw`^number,.*\r\n1,0:00,0\.000,${second}\.000,Chapter 1,\r\n`, 'u'));
    const kept = await runCli(home, ['chapters', 'film.mp4', '--format', 'youtube']);
    assert.equal(kept.stdout, `0:00 Chapter 1\n0:${second} Chapter 2\n`);
    assert.match(kept.stderr, /fewer than three/u);
  });
});
