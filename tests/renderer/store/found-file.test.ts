import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp } from '../support/app.ts';

test('a video that could not be encoded for want of its file is encoded once somebody shows where it is', async () => {
  const scratch = scratchDirectory('found-file');
  const [file, moved, other] = ['film.mp4', 'elsewhere.mp4', 'other.mp4'].map((name) => path.join(scratch, name)) as [string, string, string];
  await makeVideo(file, { seconds: 5 });
  await makeVideo(other, { seconds: 240 });
  await using app = await startApp(path.join(scratch, 'home'), { openFiles: () => Promise.resolve([moved]) });
  // The other one is encoded first, so the file goes while its video waits.
  const { results: [, added] } = await app.link.request('queue.add', { paths: [other, file] });
  renameSync(file, moved);
  assert.ok(added?.outcome === 'queued');
  const { videoId } = added;
  await app.when(({ jobs }) => jobs.some((job) => job.videoId === videoId && job.state === 'failed'));
  await app.store.getState().relinkVideo(videoId);
  await app.when(({ videos }) => videos.find(({ id }) => id === videoId)?.memories[0]?.state === 'complete');
});
