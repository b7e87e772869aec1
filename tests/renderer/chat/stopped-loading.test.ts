import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { InferenceSession } from 'onnxruntime-node';
import type { Browser, Page } from 'playwright-core';
import { buildIfStale } from '../../../scripts/build.ts';
import { startEngine, untilQueue, type TestEngine } from '../../server/support/engine.ts';
import { desktop, launchChromium, patientMs } from '../../support/chromium.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';

const scratch = scratchDirectory('stopped-loading-page');
const video = path.join(scratch, 'film.mp4');
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
  await Promise.all([makeVideo(video, { seconds: 20 }), buildIfStale()]);
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
  });
});
