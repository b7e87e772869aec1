import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { llavaVideoConfig, tinyLlavaVideoSizes, writeCheckpoint } from '../../fixtures/random-checkpoint.ts';
import type { StreamEvent } from '../../../engine/protocol/events.ts';
import { startEngine, until, untilQueue } from '../../server/support/engine.ts';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';

const scratch = scratchDirectory('suggested-questions');
const home = path.join(scratch, 'home');
const video = path.join(scratch, 'film.mp4');
let app: AppPage;

/** A model that is no demonstration: of any film there is something to ask. */
before(async () => {
  const checkpoint = path.join(scratch, 'checkpoint');
  await writeCheckpoint(checkpoint, tinyLlavaVideoSizes, { config: llavaVideoConfig(tinyLlavaVideoSizes) });
  await makeVideo(video, { seconds: 30 });
  await using engine = await startEngine(home);
  const { client } = engine;
  await client.request('models.add', { source: { kind: 'folder', directory: checkpoint }, weights: 'float32', name: 'frames' });
  await until<StreamEvent<'models'>>((onEvent, onError) => client.subscribe('models', {}, onEvent, { onError }), ({ models, jobs }) => jobs.length === 0 && models.some(({ name }) => name === 'frames'));
  await client.request('settings.change', { model: 'frames' });
  await client.request('queue.add', { paths: [video] });
  await untilQueue(client, (jobs) => jobs.length === 0);
});
after(async () => { await app[Symbol.asyncDispose](); });

const offered = (page: Page): Locator => page.getByRole('list', { name: /^(?:Questions to start with|可以从这些问题开始)$/u }).getByRole('button');

suite('questions to start with', () => {
  test('are six; whoever wants more gets six more, and stands on the first of them', async () => {
    app = await openAppPage(home);
    const { page } = app;
    await page.goto(app.address);
    await page.getByRole('button', { name: /^film/u }).first().click();
    await offered(page).nth(5).waitFor();
    const first = await offered(page).allInnerTexts();
    assert.deepEqual([first.length, first[0]], [6, 'What is this video about?']);
    await page.getByRole('button', { name: 'More questions' }).click();
    await offered(page).nth(11).waitFor();
    const more = await offered(page).allInnerTexts();
    assert.deepEqual([more.length, more.slice(0, 6)], [12, first]);
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), more[6]);
    // However many there are, what stands above them can be scrolled to.
    const heading = page.getByRole('heading', { name: 'Ask about this video' });
    await heading.scrollIntoViewIfNeeded();
    const [top, pane] = [await heading.boundingBox(), await page.getByRole('complementary', { name: 'Conversation' }).boundingBox()];
    assert.ok(top !== null && pane !== null && top.y > pane.y, JSON.stringify({ top, pane }));
  });

  test('are put in the language of the interface', async () => {
    const { page } = app;
    await page.keyboard.press('Control+,');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByRole('combobox', { name: 'Language' }).click();
    await page.getByRole('option', { name: '简体中文' }).click();
    await page.keyboard.press('Escape');
    await offered(page).getByText('这个视频讲的是什么？').waitFor();
    assert.ok((await offered(page).allInnerTexts()).every((question) => /\p{Script=Han}/u.test(question)));
  });

  test('do not come again once they were asked', async () => {
    const { page } = app;
    await offered(page).first().click();
    await page.getByRole('article', { name: '回答' }).getByRole('toolbar').waitFor();
    await page.getByRole('button', { name: '新对话' }).first().click();
    await offered(page).nth(5).waitFor();
    await page.waitForFunction(() => !document.body.innerText.includes('这个视频讲的是什么？'));
    assert.equal(await offered(page).count(), 6);
  });
});
