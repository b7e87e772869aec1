import assert from 'node:assert/strict';
import { readdirSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp } from '../support/app.ts';

test('a memory that is damaged is told, and the video is shown all the same', async () => {
  const scratch = scratchDirectory('damaged-memory');
  const file = path.join(scratch, 'film.mp4');
  await makeVideo(file, { seconds: 3 });
  await using app = await startApp(path.join(scratch, 'home'));
  await app.store.getState().addPaths([file]);
  await app.when(({ jobs, memory }) => jobs.length === 0 && memory?.state === 'complete');
  const { selectedVideoId, memory, selectVideo } = app.store.getState();
  selectVideo(undefined);
  const directory = path.join(scratch, 'home', 'memories', memory?.id ?? '');
  truncateSync(path.join(directory, readdirSync(directory).find((name) => name.startsWith('features-')) ?? ''), 100);
  selectVideo(selectedVideoId);
  await app.when(({ video }) => video?.id === selectedVideoId);
  assert.equal(app.store.getState().memory, undefined);
  await app.when(({ notices }) => notices.some((notice) => notice.kind === 'error' && notice.code === 'memory-invalid'));
});
