import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { readiness } from '../../../renderer/chat/readiness.ts';
import type { AppState } from '../../../renderer/store/app-store.ts';
import { canCreate, composerKey, unfinishedAnswer } from '../../../renderer/store/conversation-slice.ts';
import { readDrafts } from '../../../renderer/store/kept-drafts.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { startApp, type TestApp } from '../support/app.ts';

const scratch = scratchDirectory('conversation-slice');
const video = path.join(scratch, 'film.mp4');
let app: TestApp;
let videoId: string;

const state = (): AppState => app.store.getState();
const settled = ({ messages }: AppState): boolean => messages.length > 0 && messages.at(-1)?.answer !== undefined && unfinishedAnswer(messages) === undefined;

/** Asks in a new conversation and waits for the answer. */
async function askAnew(question: string, range?: { startSeconds: number; endSeconds: number }): Promise<AppState> {
  state().openConversation(undefined);
  assert.equal(await state().ask(question, range), true);
  return app.when(settled);
}

before(async () => {
  await makeVideo(video, { seconds: 20 });
  app = await startApp(path.join(scratch, 'home'));
  const { results: [added] } = await app.link.request('queue.add', { paths: [video] });
  assert.ok(added?.outcome === 'queued');
  videoId = added.videoId;
  await app.when(({ videos }) => videos.some(({ id }) => id === videoId));
  state().selectVideo(videoId);
  await app.when((now) => now.memory?.state === 'complete');
});

after(async () => { await app[Symbol.asyncDispose](); });

suite('conversations in the page', () => {
  test('a video without conversations is known to have none', async () => {
    const { conversations, conversationId } = await app.when(({ messagesLoaded }) => messagesLoaded);
    assert.deepEqual([conversations, conversationId], [[], undefined]);
    state().selectVideo(undefined);
    state().selectVideo(videoId);
    assert.equal(state().messagesLoaded, false);
    await app.when((now) => now.messagesLoaded && now.memory !== undefined);
  });

  test('a first question makes a conversation, is answered over the stream, and its look at the video is there', async () => {
    assert.equal(readiness(state()), 'ready');
    const asked = await askAnew('What is there?');
    assert.deepEqual(asked.messages.map(({ role, content }) => [role, role === 'user' ? content : content !== '']), [['user', 'What is there?'], ['assistant', true]]);
    assert.equal(asked.selectedAnswerId, asked.messages[1]?.id);
    const { lookedAt } = await app.when((now) => now.lookedAt !== undefined);
    assert.equal(Math.round((lookedAt?.share.length ?? 0) * (lookedAt?.binSeconds ?? 0)), 20);
    const { conversations } = await app.when((now) => now.conversations.some(({ title }) => title === 'What is there?'));
    assert.equal(conversations[0]?.id, asked.conversationId);
  });

  test('a question about a range keeps it, and an edit can take it away', async () => {
    const { messages: [question] } = await askAnew('What is there?', { startSeconds: 5, endSeconds: 10 });
    assert.deepEqual(question?.range, { startSeconds: 5, endSeconds: 10 });
    assert.equal(await state().edit(question.id, 'What else is there?', null), true);
    const { messages: [edited] } = await app.when((now) => settled(now) && now.messages[0]?.id !== question.id);
    assert.equal(edited?.range, undefined);
    assert.deepEqual(edited?.siblingIds, [question.id, edited?.id]);
    await state().selectBranch(question.id);
    assert.equal((await app.when((now) => now.messages[0]?.id === question.id)).messages[0]?.content, 'What is there?');
  });

  test('a range stays for what is asked next, and goes with another conversation', async () => {
    const range = { startSeconds: 5, endSeconds: 10 };
    state().openConversation(undefined);
    state().setRange(range);
    assert.equal(await state().ask('What is there?', range), true);
    await app.when(settled);
    assert.deepEqual(state().range, range);
    state().createConversation();
    assert.equal(state().range, undefined);
  });

  test('another answer is a sibling, and a search that leads to the first one shows its branch', async () => {
    const { messages: [, first], conversationId } = await askAnew('What is there?');
    assert.ok(first !== undefined && conversationId !== undefined);
    await state().regenerate(first.id);
    await app.when((now) => settled(now) && now.messages[1]?.id !== first.id);
    state().openConversation(undefined);
    state().goToFound({ kind: 'message', videoId, conversationId, messageId: first.id, startSeconds: null, folderId: null, surveyId: null, title: '', snippet: '', matches: [] });
    const shown = await app.when((now) => now.messages[1]?.id === first.id);
    assert.deepEqual(shown.landing, { messageId: first.id });
    assert.equal(shown.messages[1]?.siblingIds.length, 2);
    state().landed();
    assert.equal(state().landing, undefined);
  });

  test('a subtitle that was found is gone to in the video', async () => {
    await askAnew('What is there?');
    state().showTab('conversation');
    state().goToFound({ kind: 'subtitle', videoId, conversationId: null, messageId: null, startSeconds: 12, folderId: null, surveyId: null, title: '', snippet: '', matches: [] });
    assert.deepEqual([state().currentSeconds, state().tab], [12, 'video']);
  });

  test('a landing on a message that is gone ends, and says why', async () => {
    const { conversationId } = await askAnew('What is there?');
    const notices = state().notices.length;
    state().openConversation(conversationId, 'not-a-message');
    const given = await app.when((now) => now.landing === undefined);
    assert.equal(given.notices.length, notices + 1);
  });

  test('a deleted message comes back by undo', async () => {
    const { messages: [question] } = await askAnew('What is there?');
    await state().removeMessage(question?.id ?? '');
    await app.when(({ messages }) => messages.length === 0);
    const notice = state().notices.find(({ kind }) => kind === 'undo');
    assert.ok(notice?.kind === 'undo');
    await notice.undo();
    assert.equal((await app.when(({ messages }) => messages.length === 2)).messages[0]?.id, question?.id);
  });

  test('a title that nobody gave goes with the last question and comes back with it; one that was given stays, and can be left for a new conversation', async () => {
    const { messages: [question], conversationId } = await askAnew('What is there at all?');
    const titled = (title: string) => ({ conversations }: AppState): boolean => conversations.find(({ id }) => id === conversationId)?.title === title;
    await app.when(titled('What is there at all?'));
    await state().removeMessage(question?.id ?? '');
    await app.when((now) => titled('')(now) && now.messages.length === 0);
    assert.equal(canCreate(state()), false, 'it is as good as a new one');
    const notice = state().notices.findLast(({ kind }) => kind === 'undo');
    assert.ok(notice?.kind === 'undo');
    await notice.undo();
    await app.when(titled('What is there at all?'));
    await state().renameConversation(conversationId ?? '', 'Everything');
    await app.when(titled('Everything'));
    await state().removeMessage(question?.id ?? '');
    await app.when(({ messages }) => messages.length === 0);
    assert.ok(titled('Everything')(state()) && canCreate(state()));
    state().createConversation();
    assert.equal(state().conversationId, undefined);
  });

  test('an edited first question is what its conversation is called after the original is deleted', async () => {
    const { messages: [question], conversationId } = await askAnew('Who is there?');
    await state().edit(question?.id ?? '', 'Who else is there?');
    await app.when((now) => settled(now) && now.messages[0]?.id !== question?.id);
    await state().removeMessage(question?.id ?? '');
    await app.when(({ conversations }) => conversations.find(({ id }) => id === conversationId)?.title === 'Who else is there?');
  });

  test('a deleted conversation gives way to another one, and comes back by undo', async () => {
    const { conversationId } = await askAnew('Where is it?');
    state().notices.forEach(({ id }) => { state().dismiss(id); });
    await state().renameConversation(conversationId ?? '', 'Places');
    await app.when(({ conversations }) => conversations.some(({ title }) => title === 'Places'));
    await state().removeConversation(conversationId ?? '');
    await app.when((now) => now.conversationId !== conversationId && now.conversationId !== undefined);
    const [notice] = state().notices;
    assert.ok(notice?.kind === 'undo');
    await notice.undo();
    const back = await app.when((now) => now.conversationId === conversationId && now.messages.length === 2);
    assert.equal(back.messages[0]?.content, 'Where is it?');
  });

  test('what was done last is undone first, by the notice or without it; where that has gone, it is said what was undone', async () => {
    const { conversationId, messages: [question] } = await askAnew('Who is it?');
    state().forgetUndoables();
    state().notices.forEach(({ id }) => { state().dismiss(id); });
    await state().removeMessage(question?.id ?? '');
    await state().removeConversation(conversationId ?? '');
    await app.when((now) => now.conversationId !== conversationId);
    state().dismiss(state().notices[0]?.id ?? '');
    await state().undoNewest();
    assert.deepEqual([state().conversationId, state().notices], [conversationId, []], 'its notice goes with it');
    await state().undoNewest();
    await app.when(({ messages }) => messages.length === 2);
    assert.deepEqual(state().notices.map((notice) => notice.kind === 'done' && [notice.textKey, notice.undone]), [['chat.messageRemoved', true]]);
    assert.deepEqual(state().undoables, []);
  });

  test('a conversation comes back by undo to who is at another video by then; an undo that fails is told and not tried again', async () => {
    const { conversationId } = await askAnew('When is it?');
    await state().removeConversation(conversationId ?? '');
    state().selectVideo(undefined);
    await state().undoNewest();
    assert.deepEqual([state().selectedVideoId, state().conversationId], [videoId, conversationId]);
    state().notify({ kind: 'undo', textKey: 'chat.removed', undo: () => app.link.request('conversations.restore', { conversationId: 'none' }) });
    await state().undoNewest();
    assert.equal(state().notices.at(-1)?.kind, 'error');
    assert.deepEqual(state().undoables, []);
    state().notices.forEach(({ id }) => { state().dismiss(id); });
  });

  test('a removed video comes back by undo with the conversation that was open', async () => {
    const { conversations, conversationId: newest } = await app.when((now) => now.conversations.length > 1 && now.conversations[0]?.id === now.conversationId);
    const older = conversations[1]?.id;
    state().openConversation(older);
    await app.when(({ messagesLoaded }) => messagesLoaded);
    await state().removeVideo(videoId);
    await app.when(({ selectedVideoId, conversationId }) => selectedVideoId === undefined && conversationId === undefined);
    await state().undoNewest();
    const back = await app.when((now) => now.conversations.length > 1 && now.messagesLoaded && now.memory?.state === 'complete');
    assert.deepEqual([back.selectedVideoId, back.conversations[0]?.id, back.conversationId], [videoId, newest, older]);
    state().notices.forEach(({ id }) => { state().dismiss(id); });
  });

  test('drafts stay with their conversation, and that of a question which is not asked yet with the video', async () => {
    const { conversationId } = await askAnew('What is there?');
    state().setDraft(composerKey(state()), 'And then');
    state().openConversation(undefined);
    assert.equal(composerKey(state()), `new:${videoId}`);
    assert.equal(state().drafts[composerKey(state())], undefined);
    state().openConversation(conversationId);
    assert.equal(state().drafts[composerKey(state())], 'And then');
    assert.deepEqual(readDrafts(), state().drafts, 'and a window that is loaded again has them');
    const kept = { [composerKey(state())]: 'And then' };
    const setting = `draft:${composerKey(state())}`;
    await app.when(({ settings }) => settings?.interface[setting] === 'And then');
    state().restoreDrafts({ [setting]: 'And then', [`draft:new:${videoId}`]: 'Of the last session', 'draft:broken': 7, theme: 'dark' });
    assert.deepEqual(state().drafts, { ...kept, [`new:${videoId}`]: 'Of the last session' }, 'and so has the next start');
    state().setDraft(`new:${videoId}`, undefined);
    state().setDraft(composerKey(state()), undefined);
    assert.deepEqual(state().drafts, {});
    const told: unknown[] = [];
    const { remember } = state();
    app.store.setState({ drafts: kept, remember: (change) => { told.push(change); } });
    state().restoreDrafts({});
    assert.deepEqual(told, [{ [setting]: 'And then' }], 'what the engine has not heard of is said at once, not after a pause');
    state().setDraft('somewhere', 'just typed');
    state().tellDrafts();
    state().tellDrafts();
    assert.deepEqual(told.slice(1), [{ 'draft:somewhere': 'just typed' }], 'who quits does not wait for the pause, and says it once');
    state().setDraft('somewhere', undefined);
    state().tellDrafts();
    assert.deepEqual(told.at(-1), { 'draft:somewhere': null }, 'of what is gone, and of nothing else: another window has drafts of its own');
    app.store.setState({ drafts: {}, remember });
  });

  test('what is typed before the conversation has arrived goes on in it, after what stood there', async () => {
    const { conversationId } = await askAnew('What is there?');
    state().setDraft(`new:${videoId}`, 'Of a new one');
    for (const typed of ['And when', 'does it end']) {
      state().selectVideo(undefined);
      state().selectVideo(videoId);
      assert.equal(state().drafts[composerKey(state())], undefined, 'nothing of another conversation is shown meanwhile');
      state().setDraft(composerKey(state()), typed);
      await app.when((now) => now.messagesLoaded);
    }
    assert.equal(composerKey(state()), conversationId);
    assert.deepEqual(state().drafts, { [conversationId ?? '']: 'And when\ndoes it end', [`new:${videoId}`]: 'Of a new one' });
    assert.deepEqual(readDrafts(), state().drafts);
    for (const key of Object.keys(state().drafts)) state().setDraft(key, undefined);
  });

  test('what is typed while a question is on its way goes on in the conversation that it began', async () => {
    state().openConversation(undefined);
    const key = composerKey(state());
    state().setDraft(key, 'What is there? And');
    await state().ask('What is there?');
    state().setDraft(composerKey(state()), 'Here');
    state().draftSent(key, 'What is there?');
    assert.deepEqual(state().drafts, { [state().conversationId ?? '']: 'Here\nAnd' });
    state().draftSent(composerKey(state()), 'Here\nAnd');
    assert.deepEqual(state().drafts, {});
    const { drafts } = state();
    state().draftSent(composerKey(state()), 'Asked from a list');
    assert.equal(state().drafts, drafts, 'and where nothing was typed, nothing changes');
    await app.when(settled);
  });

  test('the branch that is shown is exported in every format through the shell', async () => {
    await askAnew('What is there?');
    for (const format of ['markdown', 'html', 'json'] as const) await state().exportConversation(format, 'Export');
    assert.deepEqual(app.saved.map(({ fileName }) => fileName.split('.').pop()), ['md', 'html', 'json']);
    assert.ok(app.saved.every(({ text }) => text.includes('What is there?')));
  });

  test('an empty question is refused in words and asks nothing', async () => {
    const { messages } = await askAnew('What is there?');
    const notices = state().notices.length;
    assert.equal(await state().ask('  '), false);
    assert.equal(state().notices.length, notices + 1);
    assert.deepEqual(state().messages, messages);
  });
});
