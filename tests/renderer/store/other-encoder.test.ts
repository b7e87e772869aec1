import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readiness } from '../../../renderer/chat/readiness.ts';
import type { AppState } from '../../../renderer/store/app-store.ts';
import { encoderInUse } from '../../../renderer/store/models-slice.ts';
import { videoStateOf } from '../../../renderer/store/video-state.ts';
import { tinySizes, writeCheckpoint } from '../../fixtures/random-checkpoint.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp } from '../support/app.ts';

/** What the card of the one video says, and what the composer says about it. */
function said(state: AppState): readonly [card: string | undefined, composer: string] {
  const [video] = state.videos;
  return [video && videoStateOf(video, state.jobs[0], encoderInUse(state)).kind, readiness(state)];
}

test('a model with another encoder: card and composer say so, the pictures stay, encoding from the card encodes for it, and the first memory is kept', async () => {
  const scratch = scratchDirectory('other-encoder');
  const file = path.join(scratch, 'film.mp4');
  await makeVideo(file, { seconds: 3 });
  await writeCheckpoint(path.join(scratch, 'checkpoint'), tinySizes);
  await using app = await startApp(path.join(scratch, 'home'));
  const { addPaths, addModel, chooseModel, encodeVideo, followMemory } = app.store.getState();
  await addPaths([file]);
  const first = await app.when((state) => said(state).join() === 'ready,ready');
  const [firstId, videoId] = [first.memory?.id, first.videos[0]?.id ?? ''];
  await followMemory();
  await addModel({ source: { kind: 'folder', directory: path.join(scratch, 'checkpoint') }, name: 'other', weights: 'float32' });
  await app.when(({ models, modelJobs }) => modelJobs.length === 0 && models.some(({ name }) => name === 'other'));

  await chooseModel({ name: 'other', weights: 'float32' });
  const other = await app.when((state) => said(state).join() === 'other,other' && state.memory === undefined);
  assert.deepEqual(other.notices.filter(({ kind }) => kind === 'error'), []);
  await followMemory();
  assert.equal(app.store.getState().frameTimes?.memoryId, firstId);

  await encodeVideo(videoId);
  const both = await app.when((state) => said(state).join() === 'ready,ready');
  assert.equal(both.videos[0]?.memories.length, 2);
  assert.notEqual(both.memory?.id, firstId);
  await followMemory();
  assert.equal(app.store.getState().frameTimes?.memoryId, both.memory?.id);

  await chooseModel({ name: 'demo', weights: 'float32' });
  assert.equal((await app.when((state) => said(state).join() === 'ready,ready' && state.memory?.id !== both.memory?.id)).memory?.id, firstId);
});
