import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp } from '../support/app.ts';

test('a list of videos from before one was added does not close it; that it is gone does', async () => {
  const scratch = scratchDirectory('selected-video');
  const file = path.join(scratch, 'film.mp4');
  await makeVideo(file, { seconds: 5 });
  await using app = await startApp(path.join(scratch, 'home'));
  await app.when(({ loaded }) => loaded);
  const { store } = app;
  const { videos, libraryBytes } = store.getState();
  const { results: [added] } = await app.link.request('queue.add', { paths: [file] });
  assert.ok(added?.outcome === 'queued');
  store.getState().selectVideo(added.videoId);
  store.setState({ videos });
  store.getState().takeLibrary({ videos: [...videos], folders: [], byteLength: libraryBytes });
  assert.equal(store.getState().selectedVideoId, added.videoId);
  await app.when((state) => state.videos.some(({ id }) => id === added.videoId));
  await app.link.request('library.remove', { videoId: added.videoId });
  await app.when(({ selectedVideoId }) => selectedVideoId === undefined);
});
