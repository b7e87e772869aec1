import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { chaptersOf } from '../../../renderer/store/chapters-slice.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeScenes } from '../../support/videos.ts';
import { startApp, type TestApp } from '../support/app.ts';

const scratch = scratchDirectory('chapters-slice');
let app: TestApp;

before(async () => {
  const film = path.join(scratch, 'film.mp4');
  await makeScenes(film, [20, 20, 20]);
  app = await startApp(path.join(scratch, 'home'));
  const { results: [added] } = await app.link.request('queue.add', { paths: [film] });
  assert.ok(added?.outcome === 'queued');
  app.store.getState().selectVideo(added.videoId);
  await app.when(({ memory }) => memory?.state === 'complete');
});
after(async () => { await app[Symbol.asyncDispose](); });

const notices = (): unknown[] => app.store.getState().notices.map((notice) => notice.kind === 'error' ? notice.code : notice.textKey);

suite('chapters of the selected video', () => {
  test('come with the stream, are made, and their end is said once', async () => {
    assert.deepEqual(chaptersOf(await app.when(({ chapters }) => chapters !== undefined)), []);
    await app.store.getState().makeChapters();
    const state = await app.when(({ chapters, notices: all }) => chapters?.source === 'made' && chapters.job === null && all.length > 0);
    assert.deepEqual(chaptersOf(state).map(({ startSeconds }) => startSeconds), [0, 20]);
    assert.deepEqual(notices(), ['chapters.made']);
  });

  test('are not announced to who looks at them while they are made', async () => {
    const { showDialog, removeChapters, makeChapters, dismiss } = app.store.getState();
    await removeChapters();
    await app.when(({ chapters }) => chapters?.source !== 'made');
    for (const { id, kind } of app.store.getState().notices) if (kind === 'undo') dismiss(id);
    showDialog({ kind: 'chapters' });
    await makeChapters();
    await app.when(({ chapters }) => chapters?.source === 'made' && chapters.job === null);
    showDialog(undefined);
    assert.deepEqual(notices(), ['chapters.made'], 'the one of before');
  });

  test('why they could not be made is said, wherever in the window a person is', async () => {
    const { library } = app.service.workspace;
    const videoId = app.store.getState().selectedVideoId ?? '';
    const [memory] = library.memories.list(videoId);
    assert.ok(memory !== undefined);
    library.memories.update(memory.id, { state: 'damaged' });
    await app.store.getState().makeChapters();
    await app.when(({ chapters, notices: all }) => chapters?.job?.state === 'failed' && all.length > 1);
    assert.deepEqual(notices(), ['chapters.made', 'memory-invalid']);
    assert.equal(chaptersOf(app.store.getState()).length, 2, 'those that are there stay');
  });

  test('go with the video when another is selected', () => {
    app.store.getState().selectVideo(undefined);
    assert.equal(app.store.getState().chapters, undefined);
  });
});
