import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { ConsoleMessage, Locator, Page } from 'playwright-core';
import { assertAccessible } from '../../e2e/browser/support/axe.ts';
import { tinySizes, writeCheckpoint } from '../../fixtures/random-checkpoint.ts';
import { fakeRepository, noFaults, startFakeHub, type FakeHub } from '../../hub/fake-hub.ts';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeLongConversation } from '../support/long-conversation.ts';

const scratch = scratchDirectory('settings-dialog');
const home = path.join(scratch, 'home');
const checkpoint = path.join(scratch, 'checkpoint');
let app: AppPage;
let page: Page;
let hub: FakeHub;

const card = (): Locator => page.getByRole('button', { name: /^film/u }).first();
const dialog = (): Locator => page.getByRole('dialog', { name: /^(Settings|设置)$/u });
const panel = (): Locator => dialog().getByRole('tabpanel');
const section = (name: string): Locator => panel().getByRole('region', { name, exact: true });
const openPage = async (name: string): Promise<void> => {
  if (await dialog().count() === 0) await page.keyboard.press('Control+,');
  await dialog().getByRole('tab', { name }).click();
};
const close = async (): Promise<void> => {
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
};
const choose = async (label: string, option: string | RegExp): Promise<void> => {
  await panel().getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
};

before(async () => {
  await Promise.all([makeLongConversation(home, 2), writeCheckpoint(checkpoint, tinySizes)]);
  hub = await startFakeHub({ files: new Map(readdirSync(checkpoint).map((name) => [name, readFileSync(path.join(checkpoint, name))])), token: 'hf_secret', licence: 'apache-2.0', retryAfter: '3' });
  app = await openAppPage(home, { viewport: { width: 1000, height: 700 }, permissions: ['clipboard-read', 'clipboard-write'] });
  ({ page } = app);
  await page.goto(app.address);
  await card().waitFor();
});

after(async () => {
  await app[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

suite('the settings on the screen', () => {
  test('they open by their key, arrows walk the pages, every page is accessible in both themes, and Escape closes them', async () => {
    await page.keyboard.press('Control+,');
    for (const name of ['General', 'Models', 'Storage', 'Programs', 'Shortcuts', 'About']) {
      const tab = dialog().getByRole('tab', { name, selected: true });
      await tab.waitFor();
      assert.equal(await tab.evaluate((element) => element === document.activeElement), true, name);
      if (name === 'Models') await section('Models for real videos').getByRole('table').first().waitFor();
      if (name === 'Storage') await section('Videos, largest first').getByText('film').waitFor();
      await assertAccessible(page, name);
      await page.keyboard.press('ArrowDown');
    }
    await close();
  });

  test('colours, language and the length of answers are kept by the engine and hold at once', async () => {
    await openPage('General');
    await panel().getByRole('radio', { name: 'Dark' }).click();
    const complaints: string[] = [];
    const hear = (message: ConsoleMessage): void => { if (message.type() === 'error') complaints.push(message.text()); };
    page.on('console', hear);
    await panel().getByRole('combobox', { name: 'Longest answer' }).click();
    await page.getByRole('option', { name: /^Long/u }).waitFor();
    page.off('console', hear);
    assert.deepEqual(complaints, [], 'the page\'s policy takes the style of the list');
    await assertAccessible(page, 'an open list');
    const [around, list] = [await dialog().boundingBox(), await page.getByRole('listbox').boundingBox()];
    assert.ok(around !== null && list !== null && list.y > around.y && list.y + list.height < around.y + around.height, JSON.stringify({ around, list }));
    await page.getByRole('option', { name: /^Long/u }).click();
    await choose('Language', '简体中文');
    await dialog().getByRole('tab', { name: '通用' }).waitFor();
    await page.reload();
    await card().waitFor();
    await page.keyboard.press('Control+,');
    await dialog().getByRole('tab', { name: '通用' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
    assert.equal(await panel().getByRole('combobox', { name: '最长回答' }).innerText(), '长');
    await panel().getByRole('combobox', { name: '语言' }).click();
    await page.getByRole('option', { name: 'English' }).click();
    await panel().getByRole('radio', { name: 'As the system' }).click();
    await close();
  });

  test('new keys work, keys of another action are taken only after asking, and Escape keeps the old ones', async () => {
    const rail = page.getByRole('navigation', { name: 'Library' });
    await openPage('Shortcuts');
    const field = panel().getByRole('searchbox', { name: 'Search actions and keys' });
    await field.fill('ctrl+b');
    assert.equal(await field.evaluate((element) => getComputedStyle(element).outlineStyle), 'none', 'the box around it has the ring');
    assert.equal(await field.locator('..').evaluate((element) => getComputedStyle(element).outlineStyle), 'solid');
    await panel().getByRole('button', { name: 'Library: Ctrl+B. Change keys' }).click();
    await page.keyboard.press('Escape');
    await panel().getByRole('button', { name: 'Library: Ctrl+B. Change keys' }).click();
    await page.keyboard.press('Control+K');
    await panel().getByText('Ctrl+K belongs to “All commands …”').waitFor();
    await assertAccessible(page, 'a question about keys');
    await panel().getByRole('button', { name: 'Take them' }).click();
    await panel().getByRole('searchbox', { name: 'Search actions and keys' }).fill('library ctrl+k');
    await panel().getByRole('button', { name: 'Library: Ctrl+K. Change keys' }).waitFor();
    await close();
    await rail.waitFor();
    await page.keyboard.press('Control+K');
    await rail.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+K');
    await rail.waitFor();
    await openPage('Shortcuts');
    await panel().getByRole('button', { name: 'Reset all' }).click();
    await close();
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'What do you want to do?' }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('a model of a closed repository is looked into with a token, paused, resumed, installed, used, checked and removed', async () => {
    await openPage('Models');
    const add = section('Another model');
    await add.getByRole('textbox', { name: 'Repository' }).fill(fakeRepository);
    await add.getByText('Mirror and access token').click();
    await add.getByRole('textbox', { name: 'Mirror' }).fill(hub.endpoint);
    await add.getByRole('button', { name: 'Look into it' }).click();
    await add.getByRole('alert').getByText(/may not be read/u).waitFor();
    await add.locator('input[type=password]:focus').fill('hf_secret'); // the focus is where it is asked for
    await page.keyboard.press('Enter');
    const found = add.getByRole('group', { name: `What ${fakeRepository} holds` });
    await found.getByText('apache-2.0').waitFor();
    await found.getByRole('radio', { name: 'int8' }).check();
    await assertAccessible(page, 'what a repository holds');
    hub.faults = { ...noFaults, busy: 1 }; // it cannot end before it is paused
    await found.getByRole('button', { name: 'Add', exact: true }).click();
    const job = section('On the way');
    await job.getByRole('button', { name: 'Pause hour-model' }).click();
    await job.getByText('Paused. What has come is kept.').waitFor();
    await assertAccessible(page, 'a model that is paused');
    hub.faults = noFaults;
    await job.getByRole('button', { name: 'Resume hour-model' }).click();
    await page.getByText('hour-model (int8) is installed.').first().waitFor();
    await job.waitFor({ state: 'detached' });

    await section('Installed').getByRole('button', { name: 'Use hour-model, int8' }).click();
    await section('In use').getByText('hour-model').waitFor();
    await section('In use').getByText('“film.mp4” was encoded for another model.').waitFor();
    const more = section('Installed').getByRole('button', { name: 'More about hour-model, int8' });
    await more.click();
    await page.getByRole('menuitem', { name: 'Check files' }).click();
    await section('Installed').getByText('Every file is as it was installed').waitFor();
    await more.click();
    await page.getByRole('menuitem', { name: 'Remove …' }).click();
    await page.getByRole('alertdialog').getByText('the demo model takes its place').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await more.waitFor({ state: 'detached' });
    await section('In use').getByText('Demo model').waitFor();
  });

  test('diagnostics are copied as text that names no folder', async () => {
    await openPage('About');
    await panel().getByRole('button', { name: 'Copy diagnostics' }).click();
    const shown = await panel().getByRole('group', { name: 'Diagnostics' }).innerText();
    assert.match(shown, /^longtake \d/u);
    assert.ok(!shown.includes(scratch));
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), shown);
  });

  test('the library is refused a folder with something in it, moves to another, and is whole there', async () => {
    const full = path.join(scratch, 'full');
    mkdirSync(full);
    writeFileSync(path.join(full, 'a file'), '');
    await openPage('Storage');
    await section('Move the library').getByRole('button', { name: 'Move …' }).click();
    const place = section('Move the library').getByRole('textbox', { name: 'New place' });
    await section('Move the library').getByRole('button', { name: 'Choose …' }).click();
    const files = page.getByRole('dialog', { name: 'New place' });
    await files.waitFor();
    await page.keyboard.press('Escape');
    await files.waitFor({ state: 'detached' });
    await place.fill(full);
    await page.keyboard.press('Enter');
    await section('Move the library').getByRole('alert').getByText('is not empty').waitFor();
    await assertAccessible(page, 'a move that was refused');
    const to = path.join(scratch, 'moved here');
    await place.fill(to);
    await page.keyboard.press('Enter');
    await section('Where the library lies').getByText(to).waitFor();
    await section('Videos, largest first').getByText('film').waitFor();
    await section('Videos, largest first').getByRole('button', { name: 'Delete film.mp4 for good' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click();
    await section('Videos, largest first').getByText('No video takes room yet.').waitFor();
  });
});
