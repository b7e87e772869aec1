import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { startApp } from '../support/app.ts';

test('a file that is refused is called by its name, not by the place of its copy', async () => {
  const scratch = scratchDirectory('refused-file');
  await using app = await startApp(path.join(scratch, 'home'));
  const file = path.join(scratch, 'empty.mp4');
  writeFileSync(file, '');
  await app.store.getState().addPaths([file]);
  const { notices } = app.store.getState();
  assert.deepEqual(notices.map((notice) => notice.kind === 'error' && [notice.subject, notice.text]), [
    [undefined, 'The file "empty.mp4" is empty (0 bytes). Copy or download it again.'],
  ]);
});

test('a memory that is refused is called by its name, too', async () => {
  const scratch = scratchDirectory('refused-memory');
  await using app = await startApp(path.join(scratch, 'home'));
  const file = path.join(scratch, 'letter.longtake');
  writeFileSync(file, 'This is a letter.');
  await app.store.getState().addPaths([file]);
  const [notice] = app.store.getState().notices;
  assert.ok(notice?.kind === 'error' && notice.text.startsWith('letter.longtake is no Longtake memory'), JSON.stringify(notice));
});

test('of a folder with many bad files nothing that was refused goes unsaid: what is wrong with several is said once, with their names', async () => {
  const scratch = scratchDirectory('refused-files');
  await using app = await startApp(path.join(scratch, 'home'));
  const folder = path.join(scratch, 'films');
  mkdirSync(folder);
  const names = Array.from({ length: 14 }, (_, index) => `bad ${index + 1}.mp4`);
  for (const name of names) writeFileSync(path.join(folder, name), 'This is a letter.');
  for (const name of ['empty.mp4', 'zero.mp4']) writeFileSync(path.join(folder, name), '');
  await app.store.getState().addPaths([folder]);
  const { notices } = app.store.getState();
  assert.deepEqual(notices.map((notice) => notice.kind === 'error' && [notice.text, notice.others]), [
    ['"bad 1.mp4" is text, not a video, whatever its name ends in. Give the video file itself.', names.slice(1)],
    ['The file "empty.mp4" is empty (0 bytes). Copy or download it again.', ['zero.mp4']],
  ]);
});
