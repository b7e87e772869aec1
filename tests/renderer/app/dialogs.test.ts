import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { assertAccessible } from '../../e2e/browser/support/axe.ts';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { makeLongConversation } from '../support/long-conversation.ts';
import { makeSlowMachine } from '../support/slow-machine.ts';

const scratch = scratchDirectory('dialogs');
const films = path.join(scratch, 'films');
let app: AppPage;
let page: Page;
const dialog = (name: string | RegExp): Locator => page.getByRole('dialog', { name });

/** Presses Escape in the task after the one that shows so many dialogs: sooner than any person, however busy the machine is. */
async function escapeOnceShown(count: number): Promise<void> {
  await page.evaluate((wanted) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })); };
    new MutationObserver((_changes, observer) => {
      if (document.querySelectorAll('[role=dialog]').length < wanted) return;
      observer.disconnect();
      port2.postMessage(undefined);
    }).observe(document.body, { childList: true, subtree: true });
  }, count);
}

before(async () => {
  const home = path.join(scratch, 'home');
  await makeLongConversation(home, 4);
  await makeSlowMachine(home);
  mkdirSync(films);
  await makeVideo(path.join(films, 'walk.mp4'), { seconds: 3 });
  await makeVideo(path.join(films, 'an hour.mp4'), { seconds: 3600, width: 64, height: 36, framesPerSecond: 1 / 60 });
  app = await openAppPage(home);
  ({ page } = app);
  await page.goto(app.address);
  await page.getByRole('button', { name: /^film/u }).first().click();
  await page.getByRole('region', { name: 'Messages' }).waitFor();
});

after(async () => { await app[Symbol.asyncDispose](); });

suite('dialogs of the window', () => {
  test('a memory is exported with what it holds said before, and downloaded', async () => {
    await page.keyboard.press('Control+Shift+E');
    await dialog('Export memory').getByText('60 frames').waitFor();
    assert.equal(await dialog('Export memory').getByRole('switch', { name: 'With the conversations' }).isChecked(), true);
    await assertAccessible(page, 'export');
    const arriving = page.waitForEvent('download');
    await dialog('Export memory').getByRole('button', { name: 'Save …' }).click();
    const download = await arriving;
    assert.equal(download.suggestedFilename(), 'film.longtake');
    assert.ok(statSync(await download.path()).size > 1000);
    await page.getByText('was saved as film.longtake').first().waitFor();
    await dialog('Export memory').waitFor({ state: 'detached' }); // no shortcut works behind it
  });

  test('a search ends in words, however long what is looked for', async () => {
    await page.keyboard.press('Control+F');
    const field = dialog('Search').getByRole('combobox');
    await field.click();
    await page.keyboard.insertText('zeppelins above '.repeat(100));
    assert.equal((await field.inputValue()).length, 1000);
    await dialog('Search').getByText('Nothing found for').waitFor();
    assert.equal(await page.getByText('Try something else').count(), 0);
    await page.keyboard.press('Escape');
    await dialog('Search').waitFor({ state: 'detached' });
  });

  test('files of the machine are chosen in a dialog of the page, by the keyboard too', async () => {
    await page.keyboard.press('Control+O');
    const folder = dialog('Open videos').getByRole('textbox', { name: 'Folder' });
    await folder.fill(films);
    await folder.press('Enter');
    const file = dialog('Open videos').getByRole('button', { name: /walk\.mp4/u });
    await file.waitFor();
    await assertAccessible(page, 'files');
    await file.press('Space');
    await dialog('Open videos').getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'walk.mp4' }).waitFor();
  });

  test('the whole path of a file, as people paste it, leads to that file; all files are marked at once, and Enter opens them', async () => {
    await page.keyboard.press('Control+O');
    const asked = dialog('Open videos');
    const place = asked.getByRole('textbox', { name: 'Folder' });
    await asked.getByRole('button', { name: /walk\.mp4/u }).waitFor();
    await place.fill(path.join(films, 'walk.mp4'));
    await place.press('Enter');
    await asked.getByRole('button', { name: /walk\.mp4/u, pressed: true }).waitFor();
    assert.equal(await place.inputValue(), films);
    await asked.getByRole('button', { name: /walk\.mp4/u }).press('Control+A');
    await asked.getByRole('button', { name: /an hour\.mp4/u, pressed: true }).waitFor();
    await asked.getByRole('button', { name: /walk\.mp4/u, pressed: true }).press('Enter');
    const forecast = dialog(/^Encode (this|these 2) /u); // the one that was opened before may be in memory by now
    await forecast.getByRole('button', { name: 'Cancel' }).click();
    await forecast.waitFor({ state: 'detached' });
  });

  test('a folder that is not there is said, and the one before stays', async () => {
    await page.keyboard.press('Control+O');
    const folder = dialog('Open videos').getByRole('textbox', { name: 'Folder' });
    await dialog('Open videos').getByRole('button', { name: /walk\.mp4/u }).waitFor();
    await folder.fill(path.join(scratch, 'nowhere'));
    await folder.press('Enter');
    await dialog('Open videos').getByRole('alert').getByText('nowhere').waitFor();
    assert.equal(await dialog('Open videos').getByRole('button', { name: /walk\.mp4/u }).count(), 1);
    await page.keyboard.press('Escape');
    await dialog('Open videos').waitFor({ state: 'detached' });
  });

  test('what takes long is asked about with the numbers, and not done without a yes', async () => {
    await page.keyboard.press('Control+O');
    await dialog('Open videos').getByRole('button', { name: /an hour\.mp4/u }).dblclick();
    const asked = dialog('Encode this video?');
    await asked.getByText('an hour.mp4').waitFor();
    await asked.getByText('3,600').waitFor();
    await asked.getByText('about 1 hr').waitFor();
    await assertAccessible(page, 'forecast');
    await asked.getByRole('button', { name: 'Cancel' }).click();
    await asked.waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('navigation', { name: 'Library' }).getByRole('button', { name: /an hour/u }).count(), 0);
  });
});

suite('dialogs over one another', () => {
  test('Escape closes the upper one, however soon it is pressed, and the one below stays', async () => {
    await page.keyboard.press('Control+,');
    await dialog('Settings').getByRole('tab', { name: 'Storage' }).click();
    await dialog('Settings').getByRole('button', { name: 'Move …' }).click();
    await escapeOnceShown(2);
    await dialog('Settings').getByRole('button', { name: 'Choose …' }).click();
    await dialog('New place').waitFor({ state: 'detached' });
    assert.equal(await dialog('Settings').count(), 1);
    assert.equal(await dialog('Settings').getByRole('textbox', { name: 'New place' }).count(), 1);
    await page.keyboard.press('Escape');
    await dialog('Settings').waitFor({ state: 'detached' });
  });
});

suite('the menu in the window', () => {
  test('labels of a menu begin at one line, whether they lead on or do something, and the keyboard goes down and back', async () => {
    await page.getByRole('button', { name: 'Longtake menu' }).press('Enter');
    for (const name of ['Playback', 'Jump']) await page.getByRole('menuitem', { name }).press('ArrowRight');
    await page.getByRole('menuitem', { name: 'Next frame' }).waitFor();
    const startOf = async (label: string): Promise<number | undefined> => (await page.getByRole('menu').getByText(label, { exact: true }).boundingBox())?.x;
    assert.deepEqual([await startOf('Jump'), await startOf('Speed')], [await startOf('Play or pause'), await startOf('Picture in picture')]);
    await page.getByRole('menuitem', { name: 'Next frame' }).press('ArrowLeft');
    await page.getByRole('menuitem', { name: 'Next frame' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('menu').first().waitFor({ state: 'detached' });
  });
});

suite('an open menu', () => {
  test('has the letters that are typed to itself', async () => {
    await page.getByRole('button', { name: /^film/u }).first().click();
    await page.locator('[aria-valuetext$="of 1:00"]').first().waitFor();
    await page.getByRole('button', { name: 'Longtake menu' }).press('Enter');
    await page.getByRole('menuitem', { name: 'File' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('menuitem', { name: 'Playback' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('i');
    assert.equal(await page.getByRole('group', { name: /^Range from/u }).count(), 0);
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Longtake menu' }).and(page.locator(':focus')).waitFor();
  });

  test('takes the press beside it that closes it', async () => {
    const picture = page.locator('video');
    const paused = (): Promise<boolean> => picture.evaluate((video) => (video as HTMLVideoElement).paused);
    await page.getByRole('button', { name: 'Longtake menu' }).click();
    await page.getByRole('menu').waitFor();
    await picture.click({ force: true });
    await page.getByRole('menu').waitFor({ state: 'detached' });
    assert.equal(await paused(), true);
    await picture.click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await picture.click();
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });
});

suite('menus where the pointer is', () => {
  test('the timeline\'s begins a range where it was opened, and the picture\'s plays', async () => {
    await page.getByRole('button', { name: /^film/u }).first().click();
    const surface = page.getByRole('slider', { name: 'Position on the timeline' }).and(page.locator('[aria-valuetext$="of 1:00"]')); // once it is drawn
    const { width = 0, height = 0 } = await surface.boundingBox() ?? {};
    await surface.click({ button: 'right', position: { x: width / 2, y: height / 2 } });
    await page.getByRole('menuitem', { name: 'Start range here' }).click();
    await page.getByRole('button', { name: 'Ask about 0:30 – 1:00' }).waitFor();
    await surface.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Clear range' }).click();
    await page.getByRole('button', { name: 'Ask about 0:30 – 1:00' }).waitFor({ state: 'detached' });
    await surface.press('I');
    await page.getByRole('button', { name: /^Ask about \d/u }).waitFor();
    await page.getByRole('textbox', { name: 'Your question' }).press('Shift+Escape'); // the range is named there, too
    await page.getByRole('button', { name: /^Ask about \d/u }).waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Player' }).getByRole('img').or(page.locator('video')).first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Play or pause' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
  });
});

suite('a part of the window that fails', () => {
  test('it says so in its place, the rest goes on, and it comes back', async () => {
    await page.getByRole('button', { name: /^film/u }).first().click();
    await page.getByRole('textbox', { name: 'Your question' }).fill('half a question');
    await page.addInitScript('if (sessionStorage.getItem("broken") !== null) { globalThis.whole = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = () => { throw new Error("There is no canvas."); }; }');
    await page.evaluate('sessionStorage.setItem("broken", "")');
    await page.reload();
    const failed = page.getByRole('alert', { name: 'This part of the window has failed' });
    await failed.getByText('There is no canvas.').waitFor();
    assert.equal(await failed.count(), 1);
    await assertAccessible(page, 'a failed pane');
    await page.getByText('Answer 1').first().waitFor();
    await page.evaluate('HTMLCanvasElement.prototype.getContext = globalThis.whole');
    await failed.getByRole('button', { name: 'Show again' }).click();
    await page.getByRole('slider', { name: 'Position on the timeline' }).waitFor();
    assert.equal(await failed.count(), 0);
    assert.equal(await page.getByRole('textbox', { name: 'Your question' }).inputValue(), 'half a question');
  });
});
