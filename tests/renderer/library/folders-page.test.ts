import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { EngineClient } from '../../../engine/protocol/envelope-client.ts';
import { openLibrary } from '../../../engine/library/index.ts';
import { openHome } from '../../../engine/pipeline/home.ts';
import { connectTo, untilQueue } from '../../server/support/engine.ts';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';

/** Enough that drawing them all would be noticed; the list knows no other number than what is in sight. */
const filmCount = 600;
let app: AppPage;
let page: Page;
let client: EngineClient;
const list = (): Locator => page.getByRole('list', { name: 'Videos' });
const card = (title: string): Locator => list().getByRole('button', { name: new RegExp(`^${title}`, 'u') }).first();
const folder = (name: string): Locator => list().getByRole('button', { name: new RegExp(`^${name}, folder with`, 'u') });
const chosen = (count: number): Promise<void> => page.getByRole('status').getByText(`${count} chosen`).waitFor();

before(async () => {
  const scratch = scratchDirectory('folders-page');
  const home = path.join(scratch, 'home');
  const files = ['tower', 'harbour'].map((name) => path.join(scratch, `${name}.mp4`));
  await Promise.all(files.map((file, index) => makeVideo(file, { seconds: 12 + index })));
  process.env['LONGTAKE_HOME'] = home;
  const library = openLibrary(openHome().libraryFile);
  library.transaction(() => {
    const ids = Array.from({ length: filmCount }, (_, index) => library.videos.upsert({ fingerprint: `v1-1-${index}`, title: `film ${index}` }).id);
    library.folders.put(ids, library.folders.create('Archive').id);
    library.folders.create('Sea');
  });
  library.close();
  app = await openAppPage(home, { viewport: { width: 1000, height: 700 } });
  ({ page } = app);
  client = await connectTo(app.origin, app.token);
  await client.request('settings.change', { provider: 'cpu', maxNewTokens: 24 });
  await client.request('queue.add', { paths: files });
  await untilQueue(client, (jobs) => jobs.length === 0);
  await page.goto(app.address);
});
after(async () => {
  client.close();
  await app[Symbol.asyncDispose]();
});

suite('folders in the rail', () => {
  test('of a folder with very many videos only those in sight are drawn; it is closed and opened from the keyboard', async () => {
    await folder('Archive').waitFor();
    assert.ok(await list().getByRole('listitem').count() < 60);
    assert.equal(await folder('Archive').getAttribute('aria-expanded'), 'true');
    await folder('Archive').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.startsWith('tower') ?? document.activeElement?.getAttribute('aria-label')?.startsWith('harbour'));
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.startsWith('Archive') === true);
    const walked = await page.evaluate(() => {
      // Two presses in one frame are two steps.
      for (let step = 0; step < 2; step++) document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
      return document.activeElement?.closest('li')?.getAttribute('aria-posinset');
    });
    assert.equal(walked, '3');
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.startsWith('Archive') === true);
    await page.keyboard.press('ArrowLeft');
    await card('tower').waitFor();
    assert.equal(await folder('Archive').getAttribute('aria-expanded'), 'false');
    assert.equal(await card('film 1').count(), 0);
  });

  test('videos are chosen with Shift and arrows, with Ctrl and Space, and all; Escape chooses none', async () => {
    await folder('Sea').focus();
    await page.keyboard.press('ArrowDown'); // over the heading, to the first card
    await page.waitForFunction(() => /^(tower|harbour)/u.test(document.activeElement?.getAttribute('aria-label') ?? ''));
    await page.keyboard.press('Shift+ArrowDown');
    await chosen(2);
    await page.keyboard.press('ControlOrMeta+Space');
    await chosen(1);
    await page.keyboard.press('ControlOrMeta+a');
    await chosen(2);
    assert.match(await card('tower').getAttribute('aria-label') ?? '', /chosen$/u);
    await page.keyboard.press('Escape');
    await page.getByText('2 chosen').waitFor({ state: 'detached' });
  });

  test('those that were chosen move by the keyboard and come back by an undo', async () => {
    await card('tower').click({ modifiers: ['ControlOrMeta'] });
    await card('harbour').click({ modifiers: ['ControlOrMeta'] });
    await chosen(2);
    await page.keyboard.press('ControlOrMeta+Shift+M');
    await page.getByRole('combobox', { name: 'Name of a folder' }).fill('sea');
    await page.keyboard.press('Enter');
    await list().getByRole('button', { name: 'Sea, folder with 2 videos' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await list().getByRole('button', { name: 'Sea, folder with 0 videos' }).waitFor();
  });

  test('a card is dragged onto a folder, and out of it again', async () => {
    await card('tower').dragTo(folder('Sea'));
    await list().getByRole('button', { name: 'Sea, folder with 1 video' }).waitFor();
    await card('tower').dragTo(list().getByText('In no folder'));
    await list().getByRole('button', { name: 'Sea, folder with 0 videos' }).waitFor();
  });

  test('a folder is made in the palette, named where it stands, found by name, and removed by its menu', async () => {
    await page.keyboard.press('ControlOrMeta+K');
    await page.getByRole('combobox').fill('new folder');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Name of the folder' }).fill('Winter');
    await page.keyboard.press('Enter');
    await folder('Winter').waitFor();
    await page.keyboard.press('ControlOrMeta+K');
    await page.getByRole('combobox').fill('winter');
    await page.getByRole('option', { name: 'Winter' }).click();
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.startsWith('Winter') === true);
    await page.getByRole('button', { name: 'More about Winter' }).click();
    await page.getByRole('menuitem', { name: 'Remove folder' }).click();
    await folder('Winter').waitFor({ state: 'detached' });
  });
});

suite('a question across videos', () => {
  test('is asked of the chosen videos, is answered under their titles, and a title leads into the conversation', async () => {
    await card('tower').click({ modifiers: ['ControlOrMeta'] });
    await card('harbour').click({ modifiers: ['ControlOrMeta'] });
    await page.keyboard.press('ControlOrMeta+Shift+A');
    await page.getByRole('textbox', { name: 'Ask 2 videos' }).fill('What is there?');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'What is there?' }).waitFor();
    await page.getByRole('main').getByRole('status').getByText('2 videos').waitFor();
    const answers = page.getByRole('main').getByRole('article');
    assert.equal(await answers.count(), 2);
    for (const answer of await answers.all()) assert.equal(await answer.getAttribute('aria-busy'), 'false');
    assert.equal(await answers.getByText('Made up: the demo model does not understand this film.').count(), 2);
    await page.getByRole('button', { name: 'tower.mp4: open' }).press('Enter');
    await page.getByRole('complementary', { name: 'Conversation' }).getByText('What is there?').first().waitFor();
  });

  test('is found again after the page was loaded anew', async () => {
    await page.reload();
    await card('tower').waitFor();
    await page.keyboard.press('ControlOrMeta+Shift+A');
    await page.getByRole('region', { name: 'Asked before' }).getByRole('button', { name: /^What is there\?/u }).click();
    await page.getByRole('article', { name: 'tower.mp4' }).waitFor();
  });

  test('names what has no memory and can be opened', async () => {
    await page.getByRole('button', { name: 'Back to the video' }).click();
    await page.getByRole('button', { name: 'More about Archive' }).click();
    await page.getByRole('menuitem', { name: 'Ask its videos …' }).click();
    await page.getByText(/^600 are not in memory yet/u).waitFor();
    await page.keyboard.press('ControlOrMeta+2');
    await page.getByRole('textbox', { name: 'Your question' }).and(page.locator(':focus')).waitFor();
  });
});
