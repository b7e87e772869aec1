import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';

let app: AppPage;
let page: Page;
const button = (): Locator => page.getByRole('button', { name: 'Hide library' });
const tooltip = (): Locator => page.getByRole('tooltip');
const description = (): Promise<string | null> => button().evaluate((element) => {
  const id = element.getAttribute('aria-describedby');
  return id === null ? null : element.ownerDocument.getElementById(id)?.textContent ?? 'nothing';
});

before(async () => {
  app = await openAppPage(path.join(scratchDirectory('tooltip'), 'home'));
  ({ page } = app);
  await page.goto(app.address);
  await button().waitFor();
});
after(async () => { await app[Symbol.asyncDispose](); });

suite('the words of a button', () => {
  test('they come where it is pointed at, describe it, and go with the pointer', async () => {
    assert.equal(await description(), null);
    await button().evaluate((element) => { element.dataset['same'] = ''; });
    await button().hover();
    await tooltip().waitFor();
    assert.match(await description() ?? '', /Hide library/u);
    await page.mouse.move(700, 500, { steps: 5 });
    await tooltip().waitFor({ state: 'detached' });
    assert.equal(await description(), null);
    await button().hover();
    await tooltip().waitFor();
    assert.equal(await button().getAttribute('data-same'), '', 'it is the same button all the time');
    await page.mouse.move(700, 500, { steps: 5 });
    await tooltip().waitFor({ state: 'detached' });
  });

  test('they do not come where a button comes below a pointer that lies still', async () => {
    await page.reload(); // nothing has reached it yet
    await button().waitFor();
    await page.mouse.move(700, 500);
    await button().evaluate((element) => { Object.assign(element.style, { position: 'fixed', left: '680px', top: '480px', width: '40px', height: '40px', zIndex: '1000' }); });
    await page.waitForFunction((element) => element?.matches(':hover'), await button().elementHandle());
    await page.waitForTimeout(600); // longer than a tooltip waits
    assert.equal(await tooltip().count(), 0);
    await page.mouse.move(702, 502);
    await tooltip().waitFor();
    await button().evaluate((element) => { element.removeAttribute('style'); });
    await page.mouse.move(300, 700, { steps: 5 });
    await tooltip().waitFor({ state: 'detached' });
  });

  test('they do not come after a press, however soon it followed the pointer', async () => {
    await page.reload(); // nothing has reached it yet
    await page.getByRole('button', { name: 'Settings' }).click();
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.waitFor();
    await page.waitForTimeout(600); // longer than a tooltip waits
    assert.equal(await page.locator('[role=tooltip]').count(), 0);
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });
  });

  test('they come with the keyboard, which stays; Escape and leaving put them away', async () => {
    await page.keyboard.press('Tab');
    await button().focus();
    await tooltip().waitFor();
    assert.equal(await button().evaluate((element) => element === element.ownerDocument.activeElement), true);
    await page.keyboard.press('Escape');
    await tooltip().waitFor({ state: 'detached' });
    await button().blur();
    await button().focus();
    await tooltip().waitFor();
    await button().blur();
    await tooltip().waitFor({ state: 'detached' });
  });
});
