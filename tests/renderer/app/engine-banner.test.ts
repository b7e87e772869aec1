import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { openHome } from '../../../engine/pipeline/home.ts';
import { connectTo } from '../../server/support/engine.ts';
import { openAppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';

test('a window that has not asked for it says that the library is being moved and opened again, never that the engine has stopped, and nothing in it moves', { skip: process.platform === 'win32' && 'no named pipes' }, async () => {
  const home = path.join(scratchDirectory('engine-banner'), 'home');
  process.env['LONGTAKE_HOME'] = home;
  openHome();
  await using app = await openAppPage(home);
  const { page, origin, token } = app;
  await page.goto(app.address);
  const title = page.getByRole('heading', { level: 1, name: 'Ask a long video' });
  await title.waitFor();
  // While the sample's picture is made, nothing moves.
  await page.waitForFunction(() => (document.querySelector('img')?.naturalWidth ?? 0) > 0);
  // Reading a named pipe waits for who writes: the copy stops there until this test lets it go on.
  const pipe = path.join(home, 'pipe');
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const before = await title.boundingBox();
  await page.evaluate(`
    window.said = new Set();
    new MutationObserver(() => { for (const element of document.querySelectorAll('[role=status]')) window.said.add(element.textContent); })
      .observe(document.body, { subtree: true, childList: true, characterData: true });
  `);
  const client = await connectTo(origin, token);
  const moved = client.request('library.move', { directory: path.join(path.dirname(home), 'moved') });
  const banner = page.getByRole('status').filter({ hasText: 'The library is being moved to another place' });
  await banner.waitFor();
  assert.deepEqual(await title.boundingBox(), before);
  // Opened for both it waits for nobody, wherever the copy is.
  const writer = openSync(pipe, 'r+');
  await moved.finally(() => { closeSync(writer); });
  // Only then: whoever connects before may still reach the engine that ends.
  await page.waitForFunction(() => [...(window as unknown as { readonly said: Set<string> }).said].some((words) => words.includes('is being opened again')));
  await page.getByText('The library has been closed, and is being opened again.').waitFor({ state: 'detached' });
  await banner.waitFor({ state: 'detached' });
  const again = await connectTo(origin, token);
  const said = await page.evaluate<string[]>('[...window.said]');
  assert.ok(!said.some((words) => words.includes('engine has stopped')), JSON.stringify(said));
  assert.ok((await again.request('app.info', {})).home.endsWith('moved'));
  again.close();
});
