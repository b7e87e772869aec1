import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { EngineLink } from '../../../renderer/shell/engine-link.ts';
import type { Shell } from '../../../renderer/shell/shell.ts';
import { createAppStore } from '../../../renderer/store/app-store.ts';

/** An engine that takes the sample and is busy with it from then on. */
const link = {
  request: (method: string) => method === 'queue.addSample' ? Promise.resolve({ videoId: 'sample', jobId: 'job' }) : new Promise(() => undefined),
  subscribe: () => () => undefined, onState: () => () => undefined, close: () => undefined,
} as unknown as EngineLink;

suite('a question about the sample, before it is there', () => {
  test('it waits where it can be seen, in a narrow window too', async () => {
    const store = createAppStore({ link, shell: { kind: 'web' } as Shell });
    assert.equal(store.getState().tab, 'video');
    await store.getState().addSample('When does the cat appear?');
    const { selectedVideoId, waitingQuestion, tab } = store.getState();
    assert.deepEqual([selectedVideoId, waitingQuestion?.question, tab], ['sample', 'When does the cat appear?', 'conversation']);
  });

  test('it stays in sight until it is asked, is asked once, and comes back where it was refused', async () => {
    const asked: string[] = [];
    const answers = Promise.withResolvers<boolean>();
    const store = createAppStore({ link, shell: { kind: 'web' } as Shell });
    store.setState({ ask: (question) => { asked.push(question); return answers.promise; } });
    await store.getState().addSample('When does the cat appear?');
    const asking = [store.getState().askWaiting(), store.getState().askWaiting()];
    assert.deepEqual([asked, store.getState().waitingQuestion?.question], [['When does the cat appear?'], 'When does the cat appear?']);
    answers.resolve(false);
    await Promise.all(asking);
    assert.notEqual(store.getState().waitingQuestion, undefined);
    store.setState({ ask: () => Promise.resolve(true) });
    await store.getState().askWaiting();
    assert.equal(store.getState().waitingQuestion, undefined);
  });

  test('it outlives a reload of its window, and a tab that is duplicated meanwhile does not ask it as well', async () => {
    const shell = { kind: 'web' } as Shell;
    const before = createAppStore({ link, shell });
    await before.getState().addSample('When does the cat appear?');
    const openTab = (): string | undefined => createAppStore({ link, shell }).getState().waitingQuestion?.question;
    assert.equal(openTab(), undefined, 'a copy of the storage, while the page is there, has no question in it');
    before.getState().leave();
    assert.deepEqual([openTab(), openTab()], ['When does the cat appear?', undefined]);
    before.getState().leave();
    before.getState().comeBack();
    assert.equal(openTab(), undefined, 'a page that comes back has it still, so that nobody else may');
    before.getState().discardWaiting();
    before.getState().leave();
    assert.equal(openTab(), undefined);
  });

  test('a reload while it is on its way does not ask it again', async () => {
    const store = createAppStore({ link, shell: { kind: 'web' } as Shell });
    store.setState({ ask: () => new Promise(() => undefined) });
    await store.getState().addSample('When does the cat appear?');
    void store.getState().askWaiting();
    store.getState().leave();
    assert.equal(createAppStore({ link, shell: { kind: 'web' } as Shell }).getState().waitingQuestion, undefined);
  });

  test("a person's own waits in the same way, with its part of the video; a second one stays where it is typed, and that of another film becomes a draft of it", async () => {
    const store = createAppStore({ link, shell: { kind: 'web' } as Shell });
    const asked: unknown[] = [];
    store.setState({ selectedVideoId: 'film', ask: (...question) => { asked.push(question); return Promise.resolve(true); } });
    const range = { startSeconds: 5, endSeconds: 10 };
    assert.equal(store.getState().waitToAsk('Who is that?', range), true);
    assert.equal(store.getState().waitToAsk('And that?'), false);
    assert.deepEqual(store.getState().waitingQuestion, { videoId: 'film', question: 'Who is that?', range });
    await store.getState().askWaiting();
    assert.deepEqual(asked, [['Who is that?', range]]);
    store.getState().waitToAsk('Who else?');
    await store.getState().addSample('When does the cat appear?');
    assert.deepEqual([store.getState().waitingQuestion?.question, store.getState().drafts['new:film']], ['When does the cat appear?', 'Who else?']);
    store.getState().setDraft('new:film', undefined);
    store.getState().discardWaiting();
  });

  test('without a question, the film is what is shown', async () => {
    const store = createAppStore({ link, shell: { kind: 'web' } as Shell });
    await store.getState().addSample();
    assert.equal(store.getState().tab, 'video');
  });
});
