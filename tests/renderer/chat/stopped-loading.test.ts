import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { InferenceSession } from 'onnxruntime-node';
import type { Browser, Page } from 'playwright-core';
import type { StreamEvent } from '../../../engine/protocol/events.ts';
import { buildIfStale } from '../../../scripts/build.ts';
import { startEngine, until, untilQueue, type TestEngine } from '../../server/support/engine.ts';
import { desktop, launchChromium, patientMs } from '../../support/chromium.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';

const scratch = scratchDirectory('stopped-loading-page');
const [video, second, third] = ['film', 'second', 'third'].map((name) => path.join(scratch, `${name}.mp4`)) as [string, string, string];
let engine: TestEngine;
let browser: Browser;
let page: Page;
/** While it is there, a graph is loaded only once it resolves: the demo model is otherwise loaded before anybody could press anything. */
let gate: PromiseWithResolvers<void> | undefined;

before(async () => {
  const create = InferenceSession.create.bind(InferenceSession) as (...given: unknown[]) => Promise<InferenceSession>;
  Object.assign(InferenceSession, { create: async (...given: unknown[]) => {
    await gate?.promise;
    return await create(...given);
  } });
  await Promise.all([makeVideo(video, { seconds: 20 }), makeVideo(second, { seconds: 6, width: 128 }), makeVideo(third, { seconds: 7, width: 128 }), buildIfStale()]);
  engine = await startEngine(path.join(scratch, 'home'));
  await engine.client.request('queue.add', { paths: [video] });
  await untilQueue(engine.client, (jobs) => jobs.length === 0);
  browser = await launchChromium();
  const context = await browser.newContext(desktop);
  context.setDefaultTimeout(patientMs);
  page = await context.newPage();
  await page.goto(engine.host.address);
  await page.getByRole('button', { name: /^film/u }).first().click();
});
after(async () => {
  await browser.close();
  await engine[Symbol.asyncDispose]();
});

suite('a model that loads, in the page', () => {
  test('says so where the answer will be; whoever cancels it has a stopped answer, and can have it answered after all', async () => {
    gate = Promise.withResolvers();
    await page.getByRole('textbox', { name: 'Question' }).fill('What is there?');
    await page.keyboard.press('Enter');
    const answer = page.getByRole('article', { name: 'Answer' });
    await answer.getByText('Loading the model …').waitFor();
    await answer.getByRole('button', { name: 'Cancel loading' }).click();
    await answer.getByRole('button', { name: 'Cancel loading' }).waitFor({ state: 'detached' });
    gate.resolve();
    gate = undefined;
    await answer.getByText('Stopped.').waitFor();
    assert.equal(engine.service.workspace.host.loading.length, 0);
    await answer.getByRole('button', { name: 'Try again' }).click();
    await answer.getByRole('button', { name: 'Answer again' }).waitFor();
  });

  test('is shown among the models, and cancelled there as well', async () => {
    await engine.client.request('settings.change', { graphicsLimitBytes: 4e9 });
    await page.keyboard.press('Control+,');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByRole('tab', { name: 'Models' }).click();
    gate = Promise.withResolvers();
    await settings.getByRole('button', { name: 'Find out the device' }).click();
    await settings.getByText('Being loaded').waitFor();
    await settings.getByRole('button', { name: 'Cancel loading' }).click();
    await settings.getByText('Being loaded').waitFor({ state: 'detached' });
    gate.resolve();
    gate = undefined;
    await settings.getByRole('button', { name: 'Find out the device' }).waitFor();
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });
  });

  test('that an encode waits for pauses it when it is cancelled, and the queue says so; one click lets it and what is behind it go on', async () => {
    const { client, service: { workspace } } = engine;
    await client.request('settings.change', { graphicsLimitBytes: 5e9 });
    gate = Promise.withResolvers();
    const { results } = await client.request('queue.add', { paths: [second, third] });
    assert.deepEqual(results.map(({ outcome }) => outcome), ['queued', 'queued']);
    const queue = page.getByRole('region', { name: 'Encoding' });
    await queue.getByText('Preparing the model').waitFor();
    await until<StreamEvent<'model'>>((onEvent) => client.subscribe('model', {}, onEvent), ({ state }) => state === 'loading');
    await client.request('models.stopLoading', {});
    const [held, behind] = [queue.getByRole('listitem').filter({ hasText: 'second.mp4' }), queue.getByRole('listitem').filter({ hasText: 'third.mp4' })];
    await held.getByText('Paused: the loading of the model was cancelled. What follows waits, too.').waitFor();
    await behind.getByText('Waiting').waitFor();
    await page.getByRole('button', { name: /^third/u }).first().click();
    await page.getByText('“second.mp4” comes before it, and the loading of the model was cancelled there.').waitFor();
    gate.resolve();
    gate = undefined;
    await held.getByRole('button', { name: 'Continue' }).click();
    await queue.waitFor({ state: 'detached' });
    assert.deepEqual(workspace.queue.list(), []);
  });
});
