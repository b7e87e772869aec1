import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { AppState } from '../../../renderer/store/app-store.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp, type TestApp } from '../support/app.ts';

const scratch = scratchDirectory('storage-slice');
const home = path.join(scratch, 'home');
let app: TestApp;
const state = (): AppState => app.store.getState();

before(async () => {
  const video = path.join(scratch, 'film.mp4');
  await makeVideo(video, { seconds: 3 });
  app = await startApp(home);
  await app.link.request('queue.add', { paths: [video] });
  await app.when(({ videos }) => videos[0]?.memories[0]?.state === 'complete');
});

after(async () => { await app[Symbol.asyncDispose](); });

suite('storage in the page', () => {
  test('what the folder takes is told by kind', async () => {
    await state().loadStorage();
    const { storage } = state();
    assert.equal(storage?.home, home);
    assert.ok(storage.memoryBytes > 0 && storage.modelBytes > 0 && storage.freeBytes > 0);
  });

  test('a library that cannot move says why where it was asked, and stays', async () => {
    const full = path.join(scratch, 'full');
    mkdirSync(full);
    writeFileSync(path.join(full, 'a file'), '');
    state().showDialog({ kind: 'settings', page: 'storage' });
    assert.equal(await state().moveLibrary(full), false);
    assert.match(state().moveError ?? '', /not empty/u);
    assert.deepEqual([state().notices, state().works], [[], []]);
    state().forgetMoveError();
    state().showDialog(undefined);
    assert.equal(await state().moveLibrary(path.join(home, 'inside')), false);
    assert.equal(state().moveError, undefined);
    assert.match(state().notices.map((notice) => notice.kind === 'error' ? notice.text : '').join(), /into itself/u, 'without the page, a notice says it');
  });

  test('a removed video still takes room and can be put back; deleted for good, it takes none', async () => {
    const [video] = state().videos;
    assert.ok(video !== undefined);
    await app.link.request('library.remove', { videoId: video.id });
    await app.when(({ videos }) => videos.length === 0);
    await state().loadStorage();
    assert.deepEqual(state().removedVideos.map(({ title }) => title), [video.title]);
    await state().restoreVideo(video.id);
    await app.when(({ videos }) => videos.length === 1);
    assert.deepEqual(state().removedVideos, []);
    await state().deleteVideos([video.id]);
    await app.when(({ videos }) => videos.length === 0);
    assert.deepEqual([state().removedVideos, state().storage?.memoryBytes], [[], 0]);
  });
});
