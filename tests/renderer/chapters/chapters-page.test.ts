import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { openFilmPage } from '../support/film-page.ts';

let app: AppPage;
let page: Page;
const onTimeline = (): Locator => page.getByRole('toolbar', { name: 'Chapters' }).getByRole('button');
const dialog = (): Locator => page.getByRole('dialog', { name: 'Chapters and summary' });
const until = (seconds: number): Promise<unknown> => page.getByRole('slider', { name: 'Position on the timeline' }).and(page.locator(`[aria-valuenow="${seconds}"]`)).waitFor();

/** A film with two chapters of its own, and three that a model made. Nothing of it is encoded. */
before(async () => {
  app = await openFilmPage(scratchDirectory('chapters-page'), {
    seconds: 120,
    chapters: [{ startSeconds: 0, endSeconds: 70, title: 'Of the file' }, { startSeconds: 70, endSeconds: 120 }],
    fill(library, videoId) {
      const ranges = [[0, 30], [30, 80], [80, 120]] as const;
      const set = library.chapters.begin(videoId, 'demo', ranges.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds, clipStartSeconds: [startSeconds] })));
      for (const [position, title] of ['Arrival', '<b>Bold</b>', ''].entries()) library.chapters.tell(set.id, position, { title, text: position === 0 ? 'They arrive.' : '' });
      library.chapters.complete(set.id, 'A visit of two minutes.');
    },
  });
  ({ page } = app);
});
after(async () => { await app[Symbol.asyncDispose](); });

suite('chapters in the page', () => {
  test('stand on the timeline, where the keyboard walks among them and a press goes there', async () => {
    await onTimeline().first().waitFor();
    assert.deepEqual(await onTimeline().evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label'))), ['Arrival, 0:00', '<b>Bold</b>, 0:30', 'Chapter 3, 1:20']);
    await onTimeline().first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await until(30);
    await page.keyboard.press('}');
    await until(80);
    await page.keyboard.press('{');
    await until(30);
  });

  test('stand in a dialog with the summary; one is renamed there, and a press goes to it', async () => {
    await page.keyboard.press('Shift+C');
    await dialog().getByText('A visit of two minutes.').waitFor();
    await dialog().getByText('They arrive.').waitFor();
    assert.equal(await dialog().locator('b').count(), 0, 'a title is no markup');
    await dialog().getByRole('button', { name: 'Rename Chapter 3' }).click();
    await dialog().getByRole('textbox', { name: 'Title of the chapter' }).fill('Departure');
    await page.keyboard.press('Enter');
    await dialog().getByRole('button', { name: /1:20\s*Departure/u }).click();
    await dialog().waitFor({ state: 'detached' });
    await until(80);
    await onTimeline().and(page.getByLabel('Departure, 1:20')).waitFor();
  });

  test('are found by what is told of them, and lead to where they begin', async () => {
    await page.keyboard.press('Control+f');
    const field = page.getByRole('combobox', { name: 'Search videos, chapters, subtitles and conversations' });
    for (const [words, seconds] of [['they arrive', 0], ['departure', 80]] as const) {
      if (await field.count() === 0) await page.keyboard.press('Control+f');
      await field.fill(words);
      await page.getByRole('group', { name: 'Chapters' }).getByRole('option').click();
      await until(seconds);
    }
  });

  test('are saved as a file, and YouTube\'s rule is said where they do not meet it', async () => {
    await page.getByRole('button', { name: 'Chapters and summary' }).click();
    await dialog().getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export chapters for YouTube …' }).click()]);
    assert.equal(download.suggestedFilename(), 'film.youtube.txt');
    assert.equal(readFileSync(await download.path(), 'utf8'), '0:00 Arrival\n0:30 ‹b›Bold‹/b›\n1:20 Departure\n');
  });

  test('what a model made is removed, the file\'s own are shown, and undoing brings them back', async () => {
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await dialog().getByText('These chapters are in the file itself.').waitFor();
    await page.keyboard.press('Escape');
    await onTimeline().and(page.getByLabel('Of the file, 0:00')).waitFor();
    await onTimeline().and(page.getByLabel('Chapter 2, 1:10')).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await onTimeline().and(page.getByLabel('Departure, 1:20')).waitFor();
  });
});
