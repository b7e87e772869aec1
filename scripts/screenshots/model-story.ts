import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { StreamEvent } from '../../engine/protocol/events.ts';
import { demoSizes, writeCheckpoint } from '../../tests/fixtures/random-checkpoint.ts';
import { fakeRepository, startFakeHub, type FakeHub } from '../../tests/hub/fake-hub.ts';
import { until } from '../../tests/server/support/engine.ts';
import { closeSettings, openSettings } from './settings-states.ts';
import { closeNotices, openVideo, showTab, type Stage, type State } from './state.ts';

const token = 'a token of somebody';
const name = 'hour-model';
/** One after another: the first is there for all states that follow. */
let hub: FakeHub | undefined;

async function theHub({ scratch }: Stage): Promise<FakeHub> {
  if (hub !== undefined) return hub;
  const directory = path.join(scratch, 'repository');
  await writeCheckpoint(directory, demoSizes, { type: 'BF16' });
  const files = new Map<string, Uint8Array>(readdirSync(directory).map((file) => [file, readFileSync(path.join(directory, file))]));
  hub = await startFakeHub({ files, token, licence: 'apache-2.0' });
  return hub;
}

async function add(stage: Stage, weights: 'int8' | 'int4' = 'int8', given?: string): Promise<void> {
  const { endpoint } = await theHub(stage);
  await stage.client.request('models.add', { source: { kind: 'hub', repository: fakeRepository, revision: 'main', endpoint }, name, weights, ...(given !== undefined && { token: given }) });
}

type Jobs = StreamEvent<'models'>['jobs'];
const untilJobs = async ({ client }: Stage, holds: (jobs: Jobs) => boolean): Promise<Jobs> =>
  (await until<StreamEvent<'models'>>((onEvent, onError) => client.subscribe('models', {}, onEvent, { onError }), ({ jobs }) => holds(jobs))).jobs;

async function openModels(page: Page): Promise<void> {
  await openSettings(page, 'Models');
  await page.getByRole('heading', { name: 'Installed' }).waitFor();
}

/** A model from a Hub on this machine: looked into, downloaded, refused, installed, used, removed. */
export const modelStory: readonly State[] = [
  {
    name: 'model-denied',
    async show(page, stage) {
      const { endpoint } = await theHub(stage);
      await openModels(page);
      await page.getByRole('textbox', { name: 'Repository' }).fill(fakeRepository);
      await page.getByText('Mirror and access token').click();
      await page.getByRole('textbox', { name: 'Mirror' }).fill(endpoint);
      await page.getByRole('button', { name: 'Look into it' }).click();
      await page.getByRole('alert').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'model-found', everywhere: true,
    async show(page, stage) {
      if (await page.getByRole('dialog', { name: 'Settings' }).count() === 0) return;
      await theHub(stage);
      await page.getByLabel('Access token').fill(token);
      await page.getByRole('button', { name: 'Look into it' }).click();
      await page.getByRole('group', { name: /^What/u }).scrollIntoViewIfNeeded();
    },
    leave: closeSettings,
  },
  {
    name: 'model-downloading', needed: true,
    async prepare(stage) {
      (await theHub(stage)).pace = 300_000;
      await add(stage, 'int8', token);
    },
    async show(page) {
      await openModels(page);
      await page.getByRole('heading', { name: 'On the way' }).scrollIntoViewIfNeeded();
      await page.getByText(/^Downloading.*left$/u).waitFor();
    },
  },
  {
    name: 'model-cancel',
    async show(page) {
      await page.getByRole('button', { name: /^Cancel/u }).first().click();
      await page.getByRole('button', { name: 'Cancel and delete' }).waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'model-paused',
    async show(page) {
      await page.getByRole('button', { name: /^Pause/u }).first().click();
      await page.getByText('Paused. What has come is kept.', { exact: true }).waitFor();
    },
    leave: closeSettings,
  },
  {
    name: 'model-failed',
    async prepare(stage) { await add(stage, 'int4'); await untilJobs(stage, (jobs) => jobs.some(({ state }) => state === 'failed')); },
    async show(page) {
      await openModels(page);
      await page.getByRole('heading', { name: 'On the way' }).scrollIntoViewIfNeeded();
      await page.getByRole('button', { name: 'Continue' }).waitFor();
    },
    leave: closeSettings,
  },
  {
    name: 'model-installed', needed: true,
    async prepare(stage) {
      (await theHub(stage)).pace = undefined;
      for (const job of await untilJobs(stage, () => true)) await (job.state === 'failed' ? stage.client.request('models.cancel', { jobId: job.id }) : stage.client.request('models.resume', { jobId: job.id, token }));
      await untilJobs(stage, (jobs) => jobs.length === 0);
    },
    async show(page) {
      await openModels(page);
      await page.getByRole('button', { name: `More about ${name}, int8` }).click();
      await page.getByRole('menuitem', { name: 'Check files' }).click();
      await page.getByText(/^Every file is as it was installed/u).scrollIntoViewIfNeeded();
      await page.getByRole('heading', { name: 'Installed' }).click();
    },
  },
  {
    name: 'model-remove',
    async show(page) {
      await page.getByRole('button', { name: `More about ${name}, int8` }).click();
      await page.getByRole('menuitem', { name: 'Remove …' }).click();
      await page.getByRole('button', { name: 'Remove', exact: true }).waitFor();
    },
    async leave(page) {
      await page.keyboard.press('Escape');
      await closeSettings(page);
      await closeNotices(page);
    },
  },
  {
    name: 'other-encoder', everywhere: true,
    async prepare({ client }) { await client.request('settings.change', { model: name, weights: 'int8' }); },
    async show(page) {
      await openVideo(page, 'Pebble Town');
      await showTab(page, 'Conversation');
      await page.getByText('Encode the video for this model to ask about it.').waitFor();
    },
  },
  {
    name: 'model-in-use',
    async show(page) {
      await openModels(page);
      await page.getByText(/encoded for another model/u).waitFor();
    },
    leave: closeSettings,
    async after({ client }) {
      await client.request('settings.change', { model: 'demo', weights: null });
      await hub?.[Symbol.asyncDispose]();
      hub = undefined;
    },
  },
];
