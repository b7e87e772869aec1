import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { AppState } from '../../../renderer/store/app-store.ts';
import { isSettled } from '../../../renderer/store/survey-slice.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp, type TestApp } from '../support/app.ts';

const scratch = scratchDirectory('folder-slice');
let app: TestApp;
let videoIds: string[];
const state = (): AppState => app.store.getState();
const folderOf = (videoId: string | undefined, { videos, folders } = state()): string | undefined =>
  folders.find(({ id }) => id === videos.find((video) => video.id === videoId)?.folderId)?.name;
/** What the last notice offers. */
async function undo(): Promise<void> {
  const notice = state().notices.at(-1);
  assert.ok(notice?.kind === 'undo', JSON.stringify(notice));
  await notice.undo();
}

before(async () => {
  const directory = path.join(scratch, 'Sea');
  mkdirSync(directory);
  await Promise.all([1, 2].map((number) => makeVideo(path.join(directory, `${number}.mp4`), { seconds: 10 + number })));
  await makeVideo(path.join(scratch, 'alone.mp4'), { seconds: 14 });
  app = await startApp(path.join(scratch, 'home'));
  await state().enqueue({ paths: [directory, path.join(scratch, 'alone.mp4')], forecast: undefined });
  const { videos } = await app.when(({ videos: cards, jobs }) => cards.length === 3 && jobs.length === 0 && cards.every(({ memories }) => memories.some((memory) => memory.state === 'complete')));
  videoIds = ['1.mp4', '2.mp4', 'alone.mp4'].map((title) => videos.find((video) => video.title === title)?.id ?? '');
});

after(async () => { await app[Symbol.asyncDispose](); });

suite('folders in the page', () => {
  test('a folder of the disk that was opened is a folder here, and says so', () => {
    assert.deepEqual(videoIds.map((id) => folderOf(id)), ['Sea', 'Sea', undefined]);
    assert.ok(state().notices.some((notice) => notice.kind === 'done' && notice.textKey === 'library.folder.fromDisk' && notice.values?.['number'] === '2'));
  });

  test('videos are moved together and put back where each was', async () => {
    const [one = '', , alone = ''] = videoIds;
    await state().createFolder('Hill', []);
    const hill = state().folders.find(({ name }) => name === 'Hill')?.id ?? '';
    state().markVideos([one, alone]);
    await state().putIntoFolder(state().markedVideoIds, hill);
    assert.deepEqual([videoIds.map((id) => folderOf(id)), state().markedVideoIds], [['Hill', 'Sea', 'Hill'], []]);
    await undo();
    await app.when((now) => folderOf(one, now) === 'Sea' && folderOf(alone, now) === undefined);
    const { length } = state().notices;
    await state().putIntoFolder([one], state().folders.find(({ name }) => name === 'Sea')?.id ?? null);
    assert.equal(state().notices.length, length, 'who is there already is not moved');
    await state().removeFolder(hill);
    await app.when(({ folders }) => folders.length === 1);
  });

  test('a new folder takes what was chosen, and its name is typed at once', async () => {
    state().markVideos([videoIds[2] ?? '']);
    await state().createFolder('New folder', state().markedVideoIds, { toBeNamed: true });
    const id = state().renamingFolderId ?? '';
    assert.equal(state().folders.find((folder) => folder.id === id)?.id, id);
    await state().renameFolder(id, 'Alone');
    await app.when((now) => folderOf(videoIds[2], now) === 'Alone');
    await state().removeFolder(id);
    await app.when((now) => folderOf(videoIds[2], now) === undefined);
    await undo();
    await app.when((now) => folderOf(videoIds[2], now) === 'Alone');
  });

  test('which folders are closed is kept for the next window', async () => {
    const id = state().folders[0]?.id ?? '';
    state().toggleFolder(id);
    const { settings } = await app.when((now) => Object.hasOwn(now.settings?.interface ?? {}, 'closedFolders'));
    assert.deepEqual(settings?.interface['closedFolders'], { [id]: 1 });
    state().restoreFolders({ [id]: 1, other: 'text' });
    assert.deepEqual(state().closedFolders, { [id]: 1 });
    state().toggleFolder(id);
    assert.deepEqual(state().closedFolders, {});
  });

  test('what was chosen and has left the library is chosen no more', async () => {
    state().markVideos(videoIds);
    await state().removeVideo(videoIds[1] ?? '');
    await app.when(({ markedVideoIds }) => markedVideoIds.length === 2);
    await undo();
    await app.when(({ videos }) => videos.length === 3);
    state().markVideos([]);
  });
});

suite('questions across videos in the page', () => {
  test('the answers come over the stream, lead into their video, and are found and deleted with a way back', async () => {
    state().openSurvey({ kind: 'new', choice: { kind: 'all' } });
    assert.equal(await state().askSurvey('What is there?', videoIds), true);
    const { surveyParts, survey } = await app.when((now) => now.survey?.running === false && now.surveyParts.length === 3 && now.surveyParts.every(isSettled));
    assert.deepEqual([survey?.question, survey?.askedCount], ['What is there?', 3]);
    const [part] = surveyParts;
    assert.ok(part?.answer !== null && part !== undefined && part.answer.content !== '');
    state().showAnswered(part, 7);
    assert.deepEqual([state().surveyPlace, state().selectedVideoId, state().conversationId, state().currentSeconds, state().tab], [undefined, part.videoId, part.conversationId, 7, 'video']);
    await app.when(({ messages }) => messages.some(({ id }) => id === part.answer?.id));

    const { hits } = await app.link.request('search.all', { query: 'what is there' });
    const [hit] = hits.filter(({ kind }) => kind === 'survey');
    assert.ok(hit !== undefined);
    state().goToFound(hit);
    await app.when((now) => now.surveyParts.length === 3);
    await state().exportSurvey(survey?.id ?? '', 'markdown', 'Export');
    assert.match(app.saved.at(-1)?.text ?? '', /^# What is there\?/u);
    await state().removeSurvey(survey?.id ?? '');
    assert.equal(state().surveyPlace?.kind, 'new');
    await app.when(({ surveys }) => surveys.length === 0);
    await undo();
    await app.when(({ surveys, surveyPlace }) => surveys.length === 1 && surveyPlace?.kind === 'asked');
    state().selectVideo(part.videoId);
    assert.equal(state().surveyPlace, undefined, 'who opens a video sees it');
  });

  test('a question that is refused stays where it was typed', async () => {
    state().openSurvey({ kind: 'new', choice: { kind: 'all' } });
    assert.equal(await state().askSurvey('What?', []), false);
    assert.equal(state().surveyPlace?.kind, 'new');
    assert.equal(state().notices.at(-1)?.kind, 'error');
  });
});
