import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp, type TestApp } from '../support/app.ts';

const scratch = scratchDirectory('vanished');
const file = path.join(scratch, 'film.mp4');
const moved = path.join(scratch, 'elsewhere.mp4');
let app: TestApp;
const state = (): ReturnType<TestApp['store']['getState']> => app.store.getState();
const isPresent = (): boolean | undefined => state().videos[0]?.present;

before(async () => {
  await makeVideo(file, { seconds: 3 });
  app = await startApp(path.join(scratch, 'home'));
  await state().addPaths([file]);
  await app.when(({ jobs, memory }) => jobs.length === 0 && memory?.state === 'complete');
});
after(async () => { await app[Symbol.asyncDispose](); });

suite('a file that vanishes while its video is shown', () => {
  test('is noticed when the player fails, and what failed is not tried again by itself', async () => {
    state().takePlayer({ playerStage: 'ready' });
    renameSync(file, moved);
    state().takePlayer({ playerStage: 'failed' });
    await app.when(({ videos }) => videos[0]?.present === false);
    state().registerPlayer(undefined);
    assert.equal(state().playerStage, 'failed');
  });

  test('is noticed when its video is opened', async () => {
    renameSync(moved, file);
    state().selectVideo(undefined);
    const [video] = state().videos;
    assert.ok(video);
    state().selectVideo(video.id);
    await app.when(() => isPresent() === true);
    state().selectVideo(undefined);
    renameSync(file, moved);
    state().selectVideo(video.id);
    await app.when(() => isPresent() === false);
  });

  test('is tried anew once it is found', async () => {
    state().takePlayer({ playerStage: 'failed' });
    await app.link.request('library.relink', { videoId: state().selectedVideoId ?? '', path: moved });
    await app.when(() => isPresent() === true);
    assert.equal(state().playerStage, 'unknown');
  });
});
