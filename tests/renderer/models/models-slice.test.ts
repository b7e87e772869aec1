import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { isLongtakeError } from '../../../engine/protocol/errors.ts';
import type { ModelSource } from '../../../engine/protocol/methods-models.ts';
import type { AppState } from '../../../renderer/store/app-store.ts';
import { tinySizes, writeCheckpoint } from '../../fixtures/random-checkpoint.ts';
import { fakeRepository, startFakeHub, type FakeHub } from '../../hub/fake-hub.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { startApp, type TestApp } from '../support/app.ts';

const scratch = scratchDirectory('models-slice');
const home = path.join(scratch, 'home');
const checkpoint = path.join(scratch, 'tiny');
let app: TestApp;
let hub: FakeHub;

const state = (): AppState => app.store.getState();
const source = (): ModelSource => ({ kind: 'hub', repository: fakeRepository, revision: 'main', endpoint: hub.endpoint });
const noticesOf = (kind: string): number => state().notices.filter((notice) => notice.kind === kind).length;
const find = (name: string): AppState['models'][number] => {
  const model = state().models.find((each) => each.name === name);
  assert.ok(model !== undefined, name);
  return model;
};

before(async () => {
  await writeCheckpoint(checkpoint, tinySizes);
  hub = await startFakeHub({ files: new Map(readdirSync(checkpoint).map((name) => [name, readFileSync(path.join(checkpoint, name))])), token: 'hf_secret', licence: 'mit' });
  app = await startApp(home);
  await app.when(({ modelsLoaded }) => modelsLoaded);
});

after(async () => {
  await app[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

suite('models in the page', () => {
  test('the demo model is there from the start, and in use', () => {
    assert.deepEqual(state().models.map(({ name, inUse }) => [name, inUse]), [['demo', true]]);
  });

  test('the catalogue says what each model needs; speeds come once the machine was measured', async () => {
    await state().loadCatalogue();
    const entries = state().catalogue?.models ?? [];
    assert.deepEqual(entries.map(({ name, needs }) => [name, needs.length]), [['hour-llava-3b', 3], ['hour-llava-7b', 3], ['llava-video-7b', 3], ['prolongvid-7b', 3], ['longvila-7b', 3], ['longvila-8b', 3]]);
    assert.ok(entries.every(({ speed }) => speed === null));
    await state().measureMachine();
    assert.equal(state().measuring, false);
    assert.ok(state().catalogue?.models.every(({ speed }) => speed !== null));
  });

  test('a closed repository refuses to be looked into without a token, and shows what it needs with one', async () => {
    const { signal } = new AbortController();
    await assert.rejects(state().inspectModel(source(), undefined, signal), (error) => isLongtakeError(error, 'access-denied'));
    const found = await state().inspectModel(source(), 'hf_secret', signal);
    assert.deepEqual([found.name, found.licence, found.needs.map(({ weights }) => weights)], ['hour-model', 'mit', ['float16', 'int8', 'int4']]);
  });

  test('an added model that fails waits with its reason, goes on with a token, and says once that it is installed', async () => {
    const before = noticesOf('done');
    assert.equal(await state().addModel({ source: source(), weights: 'int8' }), true);
    const { modelJobs: [failed] } = await app.when(({ modelJobs }) => modelJobs[0]?.state === 'failed');
    assert.equal(failed?.error?.code, 'access-denied');
    await state().resumeModelJob(failed.id, 'hf_secret');
    await app.when(({ models, modelJobs }) => modelJobs.length === 0 && models.some(({ name }) => name === 'hour-model'));
    assert.equal(noticesOf('done'), before + 1);
    const notice = state().notices.at(-1);
    assert.ok(notice?.kind === 'done' && notice.textKey === 'models.installedNotice');
    assert.deepEqual(notice.values, { name: 'hour-model', weights: 'int8' });
    assert.deepEqual(find('hour-model').origin, { repository: fakeRepository, commit: hub.commit, licence: 'mit' });
  });

  test('one that is there before its job is gone is told of as well, once', async () => {
    await state().addModel({ source: source(), weights: 'float16' });
    const { modelJobs: [job] } = await app.when(({ modelJobs }) => modelJobs.length === 1);
    assert.ok(job !== undefined);
    await state().cancelModelJob(job.id);
    const { models: before } = await app.when(({ modelJobs }) => modelJobs.length === 0);
    const count = noticesOf('done');
    const there = [...before, { ...find('hour-model'), weights: job.weights }];
    const told = (models: readonly AppState['models'][number][], isThere: boolean): void => { state().takeModels({ models: [...models], jobs: isThere ? [job] : [] }); };
    told(before, true);
    told(there, true);
    told(there, false);
    told(there, false);
    assert.equal(noticesOf('done'), count + 1);
    told(before, false);
  });

  test('a cancelled one is gone without a word', async () => {
    const before = state().notices.length;
    await state().addModel({ source: source(), weights: 'int4' });
    await app.when(({ modelJobs }) => modelJobs.length === 1);
    await state().cancelModelJob('hour-model-int4');
    await app.when(({ modelJobs }) => modelJobs.length === 0);
    assert.equal(state().notices.length, before);
  });

  test('a check finds every file whole, and names the one that is not', async () => {
    const model = find('hour-model');
    await state().verifyModel(model);
    assert.equal(state().checks['hour-model-int8']?.state, 'whole');
    const file = path.join(home, 'models', 'hour-model-int8', 'decoder.weights');
    const bytes = readFileSync(file);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    await state().verifyModel(model);
    const check = state().checks['hour-model-int8'];
    assert.ok(check?.state === 'failed');
    assert.match(check.message, /decoder\.weights/u);
  });

  test('the model in use gives way to the demo model when it is removed', async () => {
    await state().chooseModel(find('hour-model'));
    await app.when(({ models }) => models.some(({ name, inUse }) => name === 'hour-model' && inUse));
    await state().removeModel(find('hour-model'));
    const { models } = await app.when((now) => now.models.length === 1);
    assert.deepEqual(models.map(({ name, inUse }) => [name, inUse]), [['demo', true]]);
    assert.deepEqual([state().settings?.model, state().checks], ['demo', {}]);
  });

  test('a refusal to add becomes a notice', async () => {
    const before = noticesOf('error');
    assert.equal(await state().addModel({ source: source(), name: 'demo' }), false);
    assert.equal(noticesOf('error'), before + 1);
  });
});
