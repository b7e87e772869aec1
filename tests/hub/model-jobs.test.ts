import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { openHome, type Home } from '../../engine/pipeline/home.ts';
import { ModelJobs } from '../../engine/pipeline/model-jobs.ts';
import { readOrigin } from '../../engine/pipeline/model-origin.ts';
import { listModels, removeModel } from '../../engine/pipeline/model-store.ts';
import { verifyModelPackage } from '../../engine/models/package.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { ModelJobView, ModelSource } from '../../engine/protocol/methods-models.ts';
import { demoSizes, tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { runCli, runJson } from '../support/cli.ts';
import { hashDirectory, scratchDirectory } from '../support/scratch.ts';
import { fakeRepository, noFaults, startFakeHub, type FakeHub } from './fake-hub.ts';

const scratch = scratchDirectory('model-jobs');
await writeCheckpoint(path.join(scratch, 'tiny'), tinySizes);
await writeCheckpoint(path.join(scratch, 'larger'), demoSizes, { type: 'BF16' });

/** The files of a checkpoint folder, as a repository has them; with others that are none of ours. */
function repositoryFiles(name: 'tiny' | 'larger'): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>(readdirSync(path.join(scratch, name)).map((file) => [file, readFileSync(path.join(scratch, name, file))]));
  return files.set('README.md', Buffer.from('# A model')).set('training_args.bin', Buffer.alloc(20_000));
}

function newHome(name: string): Home {
  return openHome(path.join(scratch, name));
}

const source = (hub: FakeHub): ModelSource => ({ kind: 'hub', repository: fakeRepository, revision: 'main', endpoint: hub.endpoint });
const hubOptions = { environment: {}, retry: { attempts: 3, firstPauseMs: 0, longestPauseMs: 1, silenceMs: 5000 } };

/** Jobs whose list can be waited for. */
function watchJobs(home: Home): { readonly jobs: ModelJobs; readonly until: (holds: (jobs: readonly ModelJobView[]) => boolean) => Promise<readonly ModelJobView[]> } {
  const waiting = new Set<() => void>();
  const jobs = new ModelJobs(home, { hub: hubOptions, onChange: () => { for (const check of waiting) check(); } });
  return {
    jobs,
    until: (holds) => new Promise((resolve) => {
      const check = (): void => {
        const list = jobs.list();
        if (!holds(list)) return;
        waiting.delete(check);
        resolve(list);
      };
      waiting.add(check);
      check();
    }),
  };
}

suite('adding a model', () => {
  test('it is downloaded, imported, installed with where it came from, and nothing else is left', async () => {
    const home = newHome('whole');
    await using hub = await startFakeHub({ files: repositoryFiles('tiny'), licence: 'apache-2.0' });
    const { jobs, until } = watchJobs(home);
    jobs.start();
    const job = await jobs.add(source(hub), { name: 'tiny', weights: 'int4' });
    assert.deepEqual([job.name, job.weights, job.from], ['tiny', 'int4', fakeRepository]);
    assert.deepEqual(await until((list) => list.length === 0 || list[0]?.state === 'failed'), []);
    const [model] = await listModels(home);
    assert.equal(model?.name, 'tiny');
    await verifyModelPackage(model.directory);
    assert.deepEqual(await readOrigin(model.directory), { repository: fakeRepository, commit: hub.commit, licence: 'apache-2.0' });
    assert.deepEqual(readdirSync(home.modelsDirectory).sort(), ['.adding', 'tiny-int4']);
    assert.deepEqual(readdirSync(path.join(home.modelsDirectory, '.adding')), []);
    assert.ok(hub.requests.every(({ url }) => !url.includes('README') && !url.includes('training_args')));
    await assert.rejects(jobs.add(source(hub), { name: 'tiny', weights: 'int4' }), (error) => isLongtakeError(error, 'bad-argument') && error.message.includes('Remove it first'));
    await removeModel(home, 'tiny', 'int4');
    await jobs.add(source(hub), { name: 'tiny', weights: 'int4' });
    await until((list) => list.length === 0);
    await jobs.stop();
  });

  test('it outlives the process that began it, stays at its commit, and ends as if nothing had happened', async () => {
    const home = newHome('resumed');
    await using hub = await startFakeHub({ files: repositoryFiles('larger') });
    const { commit } = hub;
    const first = watchJobs(home);
    first.jobs.start();
    await first.jobs.add(source(hub), { name: 'model', weights: 'float16' });
    await first.until(([job]) => job?.commit === commit);
    hub.faults = { ...noFaults, cut: 1 }; // what is left of the download cannot end before the process does
    await first.jobs.stop();
    hub.faults = noFaults;
    hub.move(repositoryFiles('tiny')); // the branch has moved meanwhile
    const second = watchJobs(home);
    second.jobs.start();
    if (second.jobs.list()[0]?.state === 'failed') second.jobs.resume('model-float16');
    const left = await second.until((list) => list.length === 0 || list[0]?.state === 'failed');
    await second.jobs.stop();
    assert.deepEqual(left, []);
    const [model] = await listModels(home);
    assert.equal(model?.spec.text.hidden, demoSizes.hidden);
    assert.equal((await readOrigin(model.directory))?.commit, commit);
  });

  test('pausing keeps what has come, resuming goes on, cancelling leaves nothing', async () => {
    const home = newHome('paused');
    await using hub = await startFakeHub({ files: repositoryFiles('larger') });
    const { jobs, until } = watchJobs(home);
    jobs.start();
    const told = until((list) => list.length > 0);
    const { id } = await jobs.add(source(hub), { name: 'model', weights: 'int8' });
    assert.deepEqual((await told).map(({ state, stage }) => [state, stage]), [['running', 'resolve']], 'the first that is told of it: nothing is before it');
    await until(([job]) => job?.stage === 'download');
    await jobs.pause(id);
    assert.deepEqual(jobs.list().map(({ state }) => state), ['paused']);
    const directory = path.join(home.modelsDirectory, '.adding', id);
    assert.ok(existsSync(directory));
    const quiet = hub.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(hub.requests.length, quiet, 'nothing is asked for while it is paused');
    jobs.resume(id);
    await until((list) => list.length === 0);
    assert.equal((await listModels(home)).length, 1);
    await removeModel(home, 'model');
    const again = await jobs.add(source(hub), { name: 'model', weights: 'int8' });
    await until(([job]) => job?.stage === 'download');
    await jobs.cancel(again.id);
    assert.deepEqual([jobs.list(), existsSync(directory), await listModels(home)], [[], false, []]);
    await jobs.stop();
  });

  test('a failure is kept with its reason, and the job goes on when it is told to', async () => {
    const home = newHome('failed');
    await using hub = await startFakeHub({ files: repositoryFiles('tiny'), token: 'hf_secret' });
    const { jobs, until } = watchJobs(home);
    jobs.start();
    const { id } = await jobs.add(source(hub), { name: 'gated', weights: 'float16' });
    const [failed] = await until(([job]) => job?.state === 'failed');
    assert.equal(failed?.error?.code, 'access-denied');
    jobs.resume(id, 'hf_secret');
    await until((list) => list.length === 0);
    assert.equal((await listModels(home))[0]?.name, 'gated');
    await jobs.stop();
    for (const name of readdirSync(home.root, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(home.root, name);
      if (name.endsWith('.json')) assert.ok(!readFileSync(file, 'utf8').includes('hf_secret'), name);
    }
  });
});

suite('the command line', () => {
  test('models add downloads with progress, says what it needs before, and the result is the same as of a folder', async () => {
    await using hub = await startFakeHub({ files: repositoryFiles('tiny'), licence: 'mit' });
    const home = path.join(scratch, 'cli');
    const dry = await runCli(home, ['models', 'add', fakeRepository, '--endpoint', hub.endpoint, '--weights', 'int8', '--dry-run']);
    assert.match(dry.stderr, /licence mit.*to download.*RAM/su);
    const added = await runJson(home, ['models', 'add', fakeRepository, '--endpoint', hub.endpoint, '--weights', 'int8']);
    assert.deepEqual([added.code, added.value['name'], added.value['weights']], [0, 'hour-model', 'int8']);
    const folder = await runJson(home, ['models', 'add', path.join(scratch, 'tiny'), '--weights', 'int8']);
    assert.equal(folder.code, 0);
    const models = path.join(home, 'models');
    for (const name of ['vision.weights', 'memaug.weights', 'decoder.weights']) {
      assert.ok(readFileSync(path.join(models, 'hour-model-int8', name)).equals(readFileSync(path.join(models, 'tiny-int8', name))), name);
    }
    const refused = await runJson(home, ['models', 'add', 'nobody/nothing', '--endpoint', hub.endpoint]);
    assert.deepEqual([refused.code, (refused.value['error'] as { code: string }).code], [3, 'not-found']);
  });

  test('killed in the middle of an import, the same command goes on to the same bytes', async () => {
    const home = path.join(scratch, 'killed');
    mkdirSync(home);
    const args = ['models', 'add', path.join(scratch, 'larger'), '--name', 'model', '--weights', 'float16'];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, '../../engine/cli/main.ts'), ...args],
      { env: { ...process.env, LONGTAKE_HOME: home }, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { if (text.includes('Importing')) child.kill('SIGKILL'); });
    await once(child, 'exit');
    assert.deepEqual(readdirSync(path.join(home, 'models')), ['.adding']);
    assert.equal((await runCli(home, args)).code, 0);
    const other = path.join(scratch, 'undisturbed');
    assert.equal((await runCli(other, args)).code, 0);
    assert.equal(hashDirectory(path.join(home, 'models', 'model-float16')), hashDirectory(path.join(other, 'models', 'model-float16')));
  });
});
