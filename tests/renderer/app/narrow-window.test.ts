import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { openFilmPage } from '../support/film-page.ts';

let app: AppPage;
let page: Page;
/** What has the keyboard when a press has been dealt with, before anything else happens: no frame, no timer. */
const focusAfter = (press: string): Promise<string | null> => page.evaluate<string | null>(`${press}; document.activeElement.getAttribute('aria-label')`);
const pressKeys = (key: string, held = ''): string => `dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', ${held} }))`;
const seconds = (): Promise<number> => page.locator('video').evaluate((video) => (video as HTMLVideoElement).currentTime);

before(async () => {
  app = await openFilmPage(scratchDirectory('narrow-window'), { seconds: 120, window: { width: 800, height: 600 } });
  ({ page } = app);
});
after(async () => { await app[Symbol.asyncDispose](); });

suite('a narrow window, in which video and conversation share one place', () => {
  test('the film goes on behind the conversation, where nothing of it can be reached', async () => {
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await page.locator('video').evaluate((video) => { video.dataset['same'] = ''; });
    await page.getByRole('tab', { name: 'Conversation' }).click();
    await page.getByRole('textbox', { name: 'Your question' }).waitFor();
    const before = await seconds();
    await page.waitForFunction((from) => (document.querySelector('video')?.currentTime ?? 0) > from + 0.5, before);
    for (const name of ['Player', 'Timeline']) assert.equal(await page.getByRole('region', { name }).count(), 0, `${name} is out of reach`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.closest('[hidden]') === null), true);
  });

  test('back at the video it is the same, and its timeline is drawn', async () => {
    await page.getByRole('tab', { name: 'Video' }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    assert.equal(await page.locator('video[data-same]').count(), 1);
    assert.ok(await page.getByRole('region', { name: 'Timeline' }).locator('canvas').first().evaluate((canvas) => (canvas as HTMLCanvasElement).width > 100));
  });
});

suite('the composer has the keyboard at once, in a narrow window and a wide one', () => {
  test('who asks about a part, or goes to the conversation, and types at once, types into the composer', async () => {
    const composer = page.getByRole('textbox', { name: 'Your question' });
    const range = page.getByRole('group', { name: 'Range from 0:20 to 1:00' });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    for (const [width, tab] of [[800, 'Video'], [1440, undefined]] as const) {
      await page.setViewportSize({ width, height: 600 });
      if (tab !== undefined) await page.getByRole('tab', { name: tab }).click();
      const line = page.getByRole('slider', { name: 'Position in the video' });
      await line.press('Home');
      for (const [steps, key] of [[4, 'i'], [8, 'o']] as const) {
        for (let step = 0; step < steps; step++) await line.press('ArrowRight');
        await line.press(key);
      }
      await range.waitFor({ state: 'attached' });
      assert.equal(await focusAfter(`[...document.querySelectorAll('[role=group] button')].find((button) => button.textContent.startsWith('Ask about')).click()`), 'Your question', `${width} pixels`);
      await page.keyboard.type('Is it in colour?'); // with I, O and C, which are shortcuts elsewhere
      assert.equal(await composer.inputValue(), 'Is it in colour?');
      await page.getByRole('button', { name: 'About 0:20 – 1:00', exact: true }).waitFor();
      await composer.fill('');
      if (tab !== undefined) await page.getByRole('tab', { name: tab }).click();
      assert.equal(await focusAfter(pressKeys('2', 'ctrlKey: true')), 'Your question', `${width} pixels, by its shortcut`);
    }
  });

  test('so does who comes back from a question across videos', async () => {
    await page.keyboard.press('Control+Shift+A');
    await page.getByRole('textbox', { name: 'Your question' }).waitFor({ state: 'detached' });
    assert.equal(await focusAfter(pressKeys('2', 'ctrlKey: true')), 'Your question');
  });
});
