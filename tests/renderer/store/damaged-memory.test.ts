import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp } from '../support/app.ts';

test('a memory that is damaged is told and marked, the video is shown all the same, and it is encoded again on request or goes on with a copy that was put back', async () => {
  const scratch = scratchDirectory('damaged-memory');
  const file = path.join(scratch, 'film.mp4');
  await makeVideo(file, { seconds: 3 });
  await using app = await startApp(path.join(scratch, 'home'));
  await app.store.getState().addPaths([file]);
  await app.when(({ jobs, memory }) => jobs.length === 0 && memory?.state === 'complete');
  const { selectedVideoId, memory, selectVideo } = app.store.getState();
  selectVideo(undefined);
  const directory = path.join(scratch, 'home', 'memories', memory?.id ?? '');
  const features = path.join(directory, readdirSync(directory).find((name) => name.startsWith('features-')) ?? '');
  const whole = readFileSync(features);
  const entryState = (): string | undefined => app.store.getState().videos[0]?.memories[0]?.state;

  truncateSync(features, 100);
  selectVideo(selectedVideoId);
  await app.when(({ video, videos }) => video?.id === selectedVideoId && videos[0]?.memories[0]?.state === 'damaged');
  assert.equal(app.store.getState().memory, undefined);
  await app.when(({ notices }) => notices.some((notice) => notice.kind === 'error' && notice.code === 'memory-invalid'));
  await app.store.getState().encodeVideo(selectedVideoId ?? '');
  await app.when(({ jobs, memory: now }) => jobs.length === 0 && now?.state === 'complete');
  assert.deepEqual([entryState(), readFileSync(features).equals(whole)], ['complete', true]);

  // A byte that has changed is found when it is read.
  const changed = Buffer.from(whole);
  changed.writeUInt8(changed.readUInt8(whole.length - 1) ^ 1, whole.length - 1);
  writeFileSync(features, changed);
  await app.store.getState().ask('What is there?');
  const { messages } = await app.when((state) => state.messages.some(({ answer }) => answer?.state === 'failed'));
  assert.equal(messages.at(-1)?.answer?.error?.code, 'memory-invalid');
  await app.when(({ videos }) => videos[0]?.memories[0]?.state === 'damaged');

  writeFileSync(features, whole);
  const putBackMs = statSync(features).mtimeMs;
  await app.store.getState().encodeVideo(selectedVideoId ?? '');
  await app.when(({ jobs, memory: now }) => jobs.length === 0 && now?.state === 'complete');
  assert.deepEqual([entryState(), statSync(features).mtimeMs], ['complete', putBackMs]);
});
