import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
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
