import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { dropFiles } from '../../e2e/browser/support/drop-files.ts';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';

const scratch = scratchDirectory('notices');
let app: AppPage;
let page: Page;
const shown = (): Locator => page.getByRole('region', { name: /^Notification/u }).getByRole('listitem');
const all = (): Locator => page.getByRole('region', { name: /errors$/u });

/** Of what is shown, from above: which file it is about, and whether a word of it is cut off. */
async function read(): Promise<readonly string[]> {
  const cards = await shown().evaluateAll((items) => items.map((item) => ({
    top: item.getBoundingClientRect().top, words: item.textContent,
    cut: [item, ...item.querySelectorAll('*')].some((each) => each.scrollHeight > each.clientHeight + 1 && getComputedStyle(each).overflow !== 'visible'),
  })));
  return cards.toSorted((one, other) => one.top - other.top).map(({ words, cut }) => `${/file \d/u.exec(words)?.[0] ?? words}${cut ? ', cut' : ''}`);
}

before(async () => {
  app = await openAppPage(path.join(scratch, 'home'));
  ({ page } = app);
  await page.goto(app.address);
  await page.getByRole('heading', { level: 1, name: 'Ask a long video' }).waitFor();
});
after(async () => { await app[Symbol.asyncDispose](); });

suite('several errors at once', () => {
  test('the newest three are read in full, the newest on top, and the others by their number; nothing below moves', async () => {
    const title = page.getByRole('heading', { level: 1 });
    const beforeBox = await title.boundingBox();
    for (let number = 1; number <= 5; number++) {
      const file = path.join(scratch, `A recording with a long name that takes more than one line, file ${number}.mp4`);
      writeFileSync(file, '');
      await dropFiles(page, [file]);
      await shown().filter({ hasText: `file ${number}` }).waitFor();
    }
    assert.deepEqual(await read(), ['file 5', 'file 4', 'file 3']);
    assert.equal(await all().getAttribute('aria-label'), '5 errors');
    assert.deepEqual(await title.boundingBox(), beforeBox);
  });

  test('the keyboard goes through them from above, unfolds them all, and closes them all', async () => {
    await page.keyboard.press('F8');
    const focused = (): Promise<string> => page.evaluate<string>(`(() => { const { activeElement: element } = document; return /file \\d/.exec(element.textContent)?.[0] ?? element.getAttribute('aria-label') ?? element.textContent; })()`);
    const walked: string[] = [];
    for (let step = 0; step < 7; step++) {
      await page.keyboard.press('Tab');
      walked.push(await focused());
    }
    assert.deepEqual(walked, ['file 5', 'Close', 'file 4', 'Close', 'file 3', 'Close', 'Show all']);
    await page.keyboard.press('Enter');
    assert.deepEqual(await read(), ['file 5', 'file 4', 'file 3', 'file 2', 'file 1']);
    await page.getByRole('button', { name: 'Show fewer' }).press('Enter');
    assert.deepEqual(await read(), ['file 5', 'file 4', 'file 3']);
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Dismiss all');
    await page.keyboard.press('Enter');
    await all().waitFor({ state: 'detached' });
    assert.equal(await shown().count(), 0);
  });
});
