import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { serveConnection } from '../../../engine/server/connection.ts';
import { linkEngine } from '../../../renderer/shell/engine-link.ts';
import type { Shell } from '../../../renderer/shell/shell.ts';
import { createAppStore, type AppState, type AppStore } from '../../../renderer/store/app-store.ts';
import { transportPair } from '../../../engine/server/local-shell.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { startApp, type TestApp } from '../support/app.ts';

const home = path.join(scratchDirectory('first-question'), 'home');
const question = 'When does the cat appear?';
let app: TestApp;
const ends: (() => void)[] = [];

before(async () => {
  app = await startApp(home);
  app.service.workspace.queue.hold(); // the sample stays on its way
});
after(async () => {
  for (const end of ends) end();
  await app[Symbol.asyncDispose]();
});

const settled = async (store: AppStore, holds: (state: AppState) => boolean): Promise<AppState> => {
  while (!holds(store.getState())) await new Promise((resolve) => setTimeout(resolve, 5));
  return store.getState();
};
const kept = (): unknown => (app.store.getState().settings?.interface['waitingQuestion']);

/** Another window on the same engine, once it knows what the engine keeps. */
async function openWindow(): Promise<AppStore> {
  const link = linkEngine(() => {
    const [page, engine] = transportPair();
    serveConnection(engine, app.service);
    return page;
  });
  const store = createAppStore({ link, shell: { kind: 'web' } as Shell });
  ends.push(store.getState().start(), () => { link.close(); });
  await settled(store, ({ loaded, settings, selectedVideoId }) => loaded && settings !== undefined && selectedVideoId !== undefined);
  return store;
}

suite('a question about the sample, before it is there', () => {
  beforeEach(async () => {
    app.store.setState({ tab: 'video' });
    await app.store.getState().addSample(question);
  });

  test('it waits where it can be seen, in a narrow window too', () => {
    const { waitingQuestion, selectedVideoId, tab } = app.store.getState();
    assert.deepEqual([waitingQuestion, tab], [{ videoId: selectedVideoId, question }, 'conversation']);
  });

  test('it stays in sight until it is asked, is asked once, and comes back where it was refused', async () => {
    const { store } = app;
    const asked: string[] = [];
    const begun = Promise.withResolvers<undefined>();
    const answers = Promise.withResolvers<boolean>();
    store.setState({ ask: (one) => { asked.push(one); begun.resolve(undefined); return answers.promise; } });
    const asking = [store.getState().askWaiting(), store.getState().askWaiting()];
    await begun.promise;
    await settled(store, () => kept() === undefined);
    assert.deepEqual([asked, store.getState().waitingQuestion?.question], [[question], question]);
    answers.resolve(false);
    await Promise.all(asking);
    assert.equal(store.getState().waitingQuestion?.question, question);
    await settled(store, () => kept() !== undefined);
    store.setState({ ask: () => Promise.resolve(true) });
    await store.getState().askWaiting();
    assert.equal(store.getState().waitingQuestion, undefined);
    await settled(store, () => kept() === undefined);
  });

  test('another window has it too, and one of them asks it', async () => {
    const other = await openWindow();
    assert.equal(other.getState().waitingQuestion?.question, question);
    const asked: string[] = [];
    for (const store of [app.store, other]) store.setState({ ask: (one) => { asked.push(one); return Promise.resolve(true); } });
    await Promise.all([other.getState().askWaiting(), app.store.getState().askWaiting()]);
    assert.deepEqual(asked, [question]);
    assert.deepEqual([app.store.getState().waitingQuestion, other.getState().waitingQuestion], [undefined, undefined]);
  });

  test('a window that is loaded while it is on its way does not ask it again', async () => {
    const begun = Promise.withResolvers<undefined>();
    const answered = Promise.withResolvers<boolean>();
    app.store.setState({ ask: () => { begun.resolve(undefined); return answered.promise; } });
    const asking = app.store.getState().askWaiting();
    await begun.promise;
    assert.equal((await openWindow()).getState().waitingQuestion, undefined);
    answered.resolve(true);
    await asking;
  });

  test('one that is discarded is gone everywhere', async () => {
    const other = await openWindow();
    app.store.getState().discardWaiting();
    await settled(other, ({ waitingQuestion }) => waitingQuestion === undefined);
  });

  test("a person's own waits in the same way, with its part of the video; a second one stays where it is typed, and that of another film becomes a draft of it", async () => {
    const { store } = app;
    const asked: unknown[] = [];
    store.getState().discardWaiting();
    await settled(store, () => kept() === undefined);
    store.setState({ selectedVideoId: 'film', ask: (...question) => { asked.push(question); return Promise.resolve(true); } });
    const range = { startSeconds: 5, endSeconds: 10 };
    assert.equal(await store.getState().waitToAsk('Who is that?', range), true);
    assert.equal(await store.getState().waitToAsk('And that?'), false);
    assert.deepEqual(store.getState().waitingQuestion, { videoId: 'film', question: 'Who is that?', range });
    await store.getState().askWaiting();
    assert.deepEqual(asked, [['Who is that?', range]]);
    await settled(store, () => kept() === undefined);
    await store.getState().waitToAsk('Who else?');
    await store.getState().addSample(question);
    assert.deepEqual([store.getState().waitingQuestion?.question, store.getState().drafts['new:film']], [question, 'Who else?']);
    store.getState().setDraft('new:film', undefined);
  });
});

test('without a question, the film is what is shown', async () => {
  app.store.setState({ tab: 'video' });
  await app.store.getState().addSample();
  assert.equal(app.store.getState().tab, 'video');
});

test('a question that waits still waits after Longtake was quit', async () => {
  await app.store.getState().addSample(question);
  for (const end of ends.splice(0)) end();
  await app[Symbol.asyncDispose]();
  app = await startApp(home);
  const { waitingQuestion, selectedVideoId } = await app.when((state) => state.waitingQuestion !== undefined && state.selectedVideoId !== undefined);
  assert.deepEqual(waitingQuestion, { videoId: selectedVideoId, question });
});
