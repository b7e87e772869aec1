import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { openFilmPage } from '../support/film-page.ts';

let app: AppPage;
let page: Page;
const composer = (): Locator => page.getByRole('textbox', { name: 'Your question' });
/** The title of the conversation that is open. By its text: under a dialog it has no role. */
const title = (): Locator => page.locator('aside header').getByText('Who is there?');
async function deleteConversation(): Promise<void> {
  await page.getByRole('complementary', { name: 'Conversation' }).getByRole('button', { name: 'More about this conversation' }).click();
  await page.getByRole('menuitem', { name: 'Delete conversation' }).click();
  await title().waitFor({ state: 'detached' });
  // The stream may say it before the request is answered.
  await page.getByRole('button', { name: 'Undo' }).waitFor();
}

before(async () => {
  app = await openFilmPage(scratchDirectory('undo-key'), {
    seconds: 20,
    fill(library, videoId) { for (const title of ['Other', 'Who is there?']) library.conversations.create({ videoId, title }); },
  });
  ({ page } = app);
  await title().waitFor();
});
after(async () => { await app[Symbol.asyncDispose](); });

suite('the key of undoing', () => {
  test('brings back what was removed, for who has typed nothing since too', async () => {
    await deleteConversation();
    await composer().focus();
    await page.keyboard.press('Control+z');
    await title().waitFor();
  });

  test('is the text\'s where something was typed since, and works outside of it', async () => {
    await deleteConversation();
    await composer().pressSequentially('abc');
    await page.keyboard.press('Control+z');
    await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('[data-composer]')?.value !== 'abc');
    assert.equal(await title().count(), 0);
    await page.getByRole('button', { name: 'Longtake menu' }).focus();
    await page.keyboard.press('Control+z');
    await title().waitFor();
  });

  test('works over a dialog too, and is a line of the menu', async () => {
    await deleteConversation();
    await page.keyboard.press('Shift+C');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Control+z');
    await title().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Longtake menu' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).hover();
    assert.equal(await page.getByRole('menuitem', { name: /^Undo last change/u }).getAttribute('aria-disabled'), 'true');
  });
});
