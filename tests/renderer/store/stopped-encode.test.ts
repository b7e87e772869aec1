import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp, type TestApp } from '../support/app.ts';

const scratch = scratchDirectory('stopped-encode');
let app: TestApp;
let jobIds: string[];
let release: () => void;
const state = (): ReturnType<TestApp['store']['getState']> => app.store.getState();
const shown = (): (readonly [string, string])[] => state().jobs.map((job) => [job.id, job.state] as const);
/** Takes back what was said last. */
const undo = async (): Promise<void> => {
  const notice = state().notices.at(-1);
  assert.ok(notice?.kind === 'undo');
  await notice.undo();
};

before(async () => {
  app = await startApp(path.join(scratch, 'home'));
  release = app.service.workspace.queue.hold();
  const files = ['one.mp4', 'two.mp4', 'three.mp4'].map((name) => path.join(scratch, name));
  for (const [index, file] of files.entries()) await makeVideo(file, { seconds: 3 + index });
  await state().addPaths(files);
  jobIds = (await app.when(({ jobs }) => jobs.length === 3)).jobs.map(({ id }) => id);
});
after(async () => {
  release();
  await app[Symbol.asyncDispose]();
});

suite('stopping an encode', () => {
  test('takes it out of sight, and undoing it puts it back into its place, asking nothing', async () => {
    const [first = '', second = '', third = ''] = jobIds;
    await state().cancelJob(first);
    await app.when(({ jobs }) => jobs.length === 2);
    assert.deepEqual(shown(), [[second, 'queued'], [third, 'queued']]);
    await undo();
    await app.when(({ jobs }) => jobs.length === 3);
    assert.deepEqual(shown(), [[first, 'queued'], [second, 'queued'], [third, 'queued']]);
    assert.equal(state().dialog, undefined);
  });

  test('one that rested rests again', async () => {
    const [, second = ''] = jobIds;
    await state().pauseJob(second);
    await app.when(({ jobs }) => jobs[1]?.state === 'paused');
    await state().cancelJob(second);
    await app.when(({ jobs }) => jobs.length === 2);
    await undo();
    await app.when(({ jobs }) => jobs[1]?.id === second && jobs[1].state === 'paused');
  });
});
