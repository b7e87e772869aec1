import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeLongConversation } from '../support/long-conversation.ts';

let app: AppPage;
let page: Page;
const list = (): Locator => page.getByRole('region', { name: 'Messages' });
const toEnd = (): Locator => page.getByRole('button', { name: 'To the end' });
const lastAnswer = (): Locator => page.getByText('The last words.', { exact: true });

before(async () => {
  const home = path.join(scratchDirectory('resized-conversation'), 'home');
  await makeLongConversation(home, 40, 'The last words.');
  app = await openAppPage(home);
  ({ page } = app);
  await page.goto(app.address);
  await page.getByRole('button', { name: /^film/u }).first().click();
  await lastAnswer().waitFor();
});
after(async () => { await app[Symbol.asyncDispose](); });

/** Drawn, and measured again, until nothing moves. */
async function resize(width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(700);
}

suite('a conversation in a window that changes its size', () => {
  test('what is at its end stays there', async () => {
    for (const [width, height] of [[1000, 500], [1440, 870], [1100, 600]] as const) {
      await resize(width, height);
      assert.ok(await list().evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 2), `${width} × ${height}`);
      await toEnd().waitFor({ state: 'detached' });
    }
  });

  test('what was scrolled away from it stays away', async () => {
    await list().hover();
    await page.mouse.wheel(0, -900);
    await toEnd().waitFor();
    await resize(1000, 500);
    assert.ok(await list().evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight > 300));
    assert.equal(await toEnd().count(), 1);
  });
});
