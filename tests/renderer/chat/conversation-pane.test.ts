import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeLongConversation } from '../support/long-conversation.ts';

const messages = 2000;
const untrusted = [
  '<script>document.title = "taken"</script><img src="https://example.org/pixel.png" onerror="document.title = 1">',
  '![a picture](https://example.org/picture.png) and [the town](https://example.org/town?who=you#where), [a script](javascript:alert(1)).',
].join('\n\n');

let app: AppPage;
let page: Page;
const requested: string[] = [];
const list = (): Locator => page.getByRole('region', { name: 'Messages' });

before(async () => {
  const home = path.join(scratchDirectory('conversation-pane'), 'home');
  await makeLongConversation(home, messages, untrusted);
  app = await openAppPage(home);
  ({ page } = app);
  page.on('request', (request) => { requested.push(new URL(request.url()).origin); });
  await page.goto(app.address);
  await page.getByRole('button', { name: /^film/u }).first().click();
  await list().waitFor();
});

after(async () => { await app[Symbol.asyncDispose](); });

suite('the conversation on the screen', () => {
  test('it opens at its end, with the messages around it in the page and no others', async () => {
    const last = page.getByRole('article', { name: 'Answer' }).last();
    await last.getByText('the town').waitFor();
    assert.equal(await list().evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 2), true);
    const items = await list().getByRole('listitem').count();
    assert.ok(items > 3 && items < 40, `${items} of ${messages + 2}`);
  });

  test('what a model wrote is text: no HTML, no pictures, no scripts, and no request to anybody', async () => {
    const last = page.getByRole('article', { name: 'Answer' }).last();
    assert.equal(await last.locator('img, script, a, iframe').count(), 0);
    assert.equal(await last.getByRole('button', { name: 'a script' }).count(), 0);
    assert.equal(await page.title(), 'Longtake');
    assert.deepEqual([...new Set(requested)], [app.origin]);
  });

  test('a link shows its whole address before it opens', async () => {
    await page.getByRole('button', { name: 'the town' }).click();
    const dialog = page.getByRole('dialog', { name: 'Link in an answer' });
    await dialog.getByText('https://example.org/town?who=you#where', { exact: true }).waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Open' }).count(), 1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual([...new Set(requested)], [app.origin]);
  });

  test('a search leads to a message far away, and a button back to the end', async () => {
    await page.keyboard.press('Control+F');
    await page.getByRole('combobox', { name: 'Search videos, chapters, subtitles and conversations' }).fill('"Answer 321:"');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    const found = list().getByText('Answer 321:');
    await found.waitFor();
    const [area, place] = [await list().boundingBox(), await found.boundingBox()];
    assert.ok(area !== null && place !== null && place.y > area.y && place.y < area.y + area.height, JSON.stringify({ area, place }));
    await page.getByRole('button', { name: 'To the end' }).click();
    await list().getByText('the town').waitFor();
    await page.getByRole('button', { name: 'To the end' }).waitFor({ state: 'detached' });
  });

  test('what a search led to is marked, as far around it on all sides, be it a question, a short or a long answer', async () => {
    for (const words of ['Question 321:', 'Answer 321:', 'Answer 320:', 'Question 0:']) {
      await page.keyboard.press('Control+F');
      await page.getByRole('combobox', { name: 'Search videos, chapters, subtitles and conversations' }).fill(`"${words}"`);
      await page.getByRole('option', { name: words }).first().waitFor();
      await page.keyboard.press('Enter');
      const marked = list().locator('[data-marked]').filter({ hasText: words });
      await marked.waitFor();
      // From the mark to the bubble of a question, or to the first and last of what an answer consists of; not to the room for the buttons.
      const distances = await marked.locator('[data-said]').evaluate((said) => {
        const { top, right, bottom, left } = getComputedStyle(said, '::before');
        const [box, parts] = [said.getBoundingClientRect(), [...said.children].map((part) => part.getBoundingClientRect())];
        const mark = { top: box.top + parseFloat(top), right: box.right - parseFloat(right), bottom: box.bottom - parseFloat(bottom), left: box.left + parseFloat(left) };
        return [Math.min(...parts.map((part) => part.top)) - mark.top, mark.right - Math.max(...parts.map((part) => part.right)),
          mark.bottom - Math.max(...parts.map((part) => part.bottom)), Math.min(...parts.map((part) => part.left)) - mark.left].map(Math.round);
      });
      assert.deepEqual(distances, [8, 8, 8, 8], words);
    }
    await page.getByRole('button', { name: 'To the end' }).click();
    await list().getByText('the town').waitFor();
  });

  test('what the model does not know stands below the question, with the way to others', async () => {
    await page.getByText('The demo model knows only Pebble Town').waitFor();
    await page.getByRole('button', { name: 'Models for real videos' }).click();
    await page.getByRole('dialog', { name: 'Settings' }).getByRole('tabpanel', { name: 'Models' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor({ state: 'detached' });
  });

  test('the palette finds an action by a few letters and does it', async () => {
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'What do you want to do?' }).fill('new conv');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'This film needs a real model' }).waitFor();
    await page.keyboard.type('half a question');
    assert.equal(await page.getByRole('textbox', { name: 'Your question' }).inputValue(), 'half a question', 'and the keyboard is in the composer');
  });

  test('a draft waits where it was written, also for a window that is loaded again', async () => {
    await page.getByRole('button', { name: /choose another conversation/u }).click();
    await page.getByRole('menuitemradio', { name: /A long conversation/u }).click();
    await list().waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Your question' }).inputValue(), '');
    await page.reload();
    await list().waitFor();
    await page.getByRole('button', { name: 'New conversation' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Your question' }).inputValue(), 'half a question');
  });
});
