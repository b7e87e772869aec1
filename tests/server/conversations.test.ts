import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import { isLongtakeError, type ErrorCode } from '../../engine/protocol/errors.ts';
import { fingerprintVideo } from '../../engine/media/index.ts';
import type { Video } from '../../engine/library/index.ts';
import { sampleQuestions, sampleVideoFile, townComment } from '../../engine/pipeline/pebble-town.ts';
import { suggestQuestions } from '../../engine/pipeline/questions/suggest.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { connectTo, hasEnded, openConversation, startEngine, untilQueue, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('conversations');
const video = path.join(scratch, 'film.mp4');
let engine: TestEngine;
let client: EngineClient;
let videoId: string;

const isError = (code: ErrorCode) => (error: unknown): boolean => isLongtakeError(error, code);

/** Asks in a conversation of its own and waits for the answer. */
async function ask(question: string, range?: { startSeconds: number; endSeconds: number }): Promise<{ conversationId: string; questionId: string; answerId: string; shown: ReturnType<typeof openConversation> }> {
  const { id: conversationId } = await client.request('conversations.create', { videoId });
  const shown = openConversation(client, conversationId);
  const asked = await client.request('messages.ask', { conversationId, question, ...(range && { range }) });
  await shown.when((messages) => hasEnded(messages.find(({ id }) => id === asked.answerId)));
  return { ...asked, shown };
}

before(async () => {
  await makeVideo(video, { seconds: 150 });
  engine = await startEngine(path.join(scratch, 'home'));
  client = engine.client;
  const { results: [added] } = await client.request('queue.add', { paths: [video] });
  assert.equal(added?.outcome, 'queued');
  assert.ok(added.outcome === 'queued');
  videoId = added.videoId;
  await untilQueue(client, (jobs) => jobs.length === 0);
});

after(async () => { await engine[Symbol.asyncDispose](); });

suite('asking', () => {
  test('the reply comes before the answer, the text streams, and the stream ends where the library is', async () => {
    const { shown, conversationId, answerId } = await ask('What is there?');
    const pieces = shown.events.filter((event) => event.kind === 'text');
    assert.ok(pieces.length > 1, `${pieces.length} pieces`);
    const shares = shown.events.filter((event) => event.kind === 'progress').map(({ progress }) => progress.share);
    assert.ok(shares.length > 0 && shares.every((share) => share >= 0 && share <= 1) && shares.at(-1) === 1, 'the wait for the first word has a length');
    const [question, answer] = shown.messages();
    assert.equal(question?.content, 'What is there?');
    assert.equal(answer?.content, pieces.map(({ text }) => text).join('').trim());
    assert.equal(answer?.answer?.state === 'complete' || answer?.answer?.state === 'length', true);
    assert.deepEqual(answer?.answer?.coverage, { seconds: 150, frames: 150, complete: true });
    assert.equal(answer?.answer?.model, 'demo');
    assert.equal(answer?.answer?.provider, 'cpu');
    assert.deepEqual((await client.request('messages.list', { conversationId })).messages, shown.messages());
    const { lookedAt } = await client.request('messages.lookedAt', { answerId });
    assert.equal((lookedAt?.share.length ?? 0) * (lookedAt?.binSeconds ?? 0), 150);
    assert.equal(engine.service.workspace.library.conversations.get(conversationId).title, 'What is there?');
  });

  test('a stopped answer keeps what was said and says that it was stopped', async () => {
    const whole = (await ask('What is there?')).shown.messages()[1]?.content ?? '';
    const { id: conversationId } = await client.request('conversations.create', { videoId });
    const stopping = new AbortController();
    engine.service.workspace.changes.listen((change) => {
      if (change.topic === 'text' && change.conversationId === conversationId) engine.service.workspace.answers.stop(change.messageId);
    }, stopping.signal);
    const shown = openConversation(client, conversationId);
    await client.request('messages.ask', { conversationId, question: 'What is there?' });
    const [, answer] = await shown.when((messages) => hasEnded(messages[1]));
    stopping.abort();
    assert.equal(answer?.answer?.state, 'stopped');
    assert.ok(answer.content !== '' && answer.content.length < whole.length && whole.startsWith(answer.content), answer.content);
    const next = await client.request('messages.ask', { conversationId, question: 'And then?' });
    await shown.when((messages) => hasEnded(messages.find(({ id }) => id === next.answerId)));
    assert.equal(shown.messages().length, 4);
  });

  test('an answer that waits behind another one is stopped without being begun', async () => {
    const [first, second] = [await client.request('conversations.create', { videoId }), await client.request('conversations.create', { videoId })];
    const asked = await client.request('messages.ask', { conversationId: first.id, question: 'What is there?' });
    const behind = await client.request('messages.ask', { conversationId: second.id, question: 'Where?' });
    const shown = openConversation(client, second.id);
    await client.request('messages.stop', { answerId: behind.answerId });
    const [, stopped] = await shown.when((messages) => hasEnded(messages[1]));
    assert.deepEqual([stopped?.answer?.state, stopped?.content], ['stopped', '']);
    await openConversation(client, first.id).when((messages) => hasEnded(messages.find(({ id }) => id === asked.answerId)));
  });

  test('an answer goes on when the window that asked is closed', async () => {
    const window = await connectTo(engine.host.origin, engine.host.token);
    const { id: conversationId } = await window.request('conversations.create', { videoId });
    const { answerId } = await window.request('messages.ask', { conversationId, question: 'What is there?' });
    window.close();
    const messages = await openConversation(client, conversationId).when((some) => hasEnded(some.find(({ id }) => id === answerId)));
    assert.notEqual(messages[1]?.content, '');
  });
});

suite('an answer that nobody will see', () => {
  /** Asks twice at once, in two conversations: the first is about to be written, the second waits. */
  const askTwice = async (): Promise<{ first: Awaited<ReturnType<typeof asking>>; second: Awaited<ReturnType<typeof asking>> }> => ({ first: await asking('What is there?'), second: await asking('Where?') });
  const asking = async (question: string): Promise<{ conversationId: string; questionId: string; answerId: string }> => {
    const { id: conversationId } = await client.request('conversations.create', { videoId });
    return await client.request('messages.ask', { conversationId, question });
  };
  const stateOf = (answerId: string): unknown => (engine.service.workspace.library.messages.get(answerId).data as { state?: unknown }).state;
  const settled = async (...answerIds: string[]): Promise<void> => {
    while (answerIds.some((id) => engine.service.workspace.answers.get(id) !== undefined)) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  test('is written no further when its question, its answer or its conversation is taken away', async () => {
    for (const remove of [
      ({ questionId }) => client.request('messages.remove', { messageId: questionId }),
      ({ answerId }) => client.request('messages.remove', { messageId: answerId }),
      ({ conversationId }) => client.request('conversations.remove', { conversationId }),
    ] satisfies ((asked: Awaited<ReturnType<typeof asking>>) => Promise<unknown>)[]) {
      const { first, second } = await askTwice();
      await remove(first);
      await settled(first.answerId, second.answerId);
      assert.equal(stateOf(first.answerId), 'stopped');
      assert.notEqual(stateOf(second.answerId), 'stopped');
    }
  });

  test('is written no further when another question, or another answer, takes its place', async () => {
    const asked = await asking('What is there?');
    const edited = await client.request('messages.edit', { questionId: asked.questionId, question: 'Where is the tower?' });
    const again = await client.request('messages.regenerate', { answerId: edited.answerId });
    await settled(asked.answerId, edited.answerId, again.answerId);
    assert.deepEqual([stateOf(asked.answerId), stateOf(edited.answerId)], ['stopped', 'stopped']);
    assert.notEqual(stateOf(again.answerId), 'stopped');
  });

  test('is written no further when its video leaves the library', async () => {
    const { first, second } = await askTwice();
    await client.request('library.remove', { videoId });
    await settled(first.answerId, second.answerId);
    await client.request('library.restore', { videoId });
    assert.deepEqual([stateOf(first.answerId), stateOf(second.answerId)], ['stopped', 'stopped']);
  });
});

suite('branches', () => {
  test('regenerate, edit and select move between siblings, and nothing is lost', async () => {
    const { conversationId, questionId, answerId, shown } = await ask('What is there?');
    const again = await client.request('messages.regenerate', { answerId });
    await shown.when((messages) => messages[1]?.id === again.answerId && hasEnded(messages[1]));
    assert.deepEqual(shown.messages()[1]?.siblingIds, [answerId, again.answerId]);

    const edited = await client.request('messages.edit', { questionId, question: 'Where is the tower?' });
    await shown.when((messages) => messages[0]?.id === edited.questionId && hasEnded(messages[1]));
    assert.deepEqual(shown.messages()[0]?.siblingIds, [questionId, edited.questionId]);

    await client.request('messages.select', { messageId: answerId });
    const back = await shown.when((messages) => messages[1]?.id === answerId);
    assert.equal(back[0]?.id, questionId);

    await client.request('messages.remove', { messageId: questionId });
    assert.equal((await shown.when((messages) => messages[0]?.id === edited.questionId)).length, 2);
    await client.request('messages.restore', { messageId: questionId });
    await shown.when((messages) => messages[0]?.id === questionId);
    assert.equal((await client.request('messages.list', { conversationId })).messages.length, 2);
  });

  test('only what has changed is sent', async () => {
    const { shown, conversationId } = await ask('What is there?');
    const before = shown.events.length;
    const next = await client.request('messages.ask', { conversationId, question: 'Where?' });
    await shown.when((messages) => hasEnded(messages.find(({ id }) => id === next.answerId)));
    const sent = shown.events.slice(before).filter((event) => event.kind === 'messages');
    assert.ok(sent.length > 0 && sent.every(({ from }) => from >= 2), JSON.stringify(sent.map(({ from }) => from)));
  });
});

suite('a part of the timeline', () => {
  test('a question about a range looks nowhere else, and the answer says so', async () => {
    const range = { startSeconds: 40, endSeconds: 70 };
    const { answerId, shown } = await ask('What is there?', range);
    assert.deepEqual(shown.messages().map((message) => message.range ?? message.answer?.range), [range, range]);
    const { lookedAt } = await client.request('messages.lookedAt', { answerId });
    assert.ok(lookedAt !== null && lookedAt.binSeconds === 1);
    const inside = lookedAt.share.slice(40, 70).reduce((sum, share) => sum + share, 0);
    assert.ok(Math.abs(inside - 1) < 1e-3, `${inside} of the attention is inside`);
    assert.ok(lookedAt.share.every((share, second) => (second >= 40 && second < 70) || share === 0));
  });

  test('an edited question keeps its range, or loses it when asked to', async () => {
    const { questionId, shown } = await ask('What is there?', { startSeconds: 10, endSeconds: 20 });
    const kept = await client.request('messages.edit', { questionId, question: 'Where?' });
    assert.deepEqual((await shown.when((messages) => messages[0]?.id === kept.questionId && hasEnded(messages[1])))[0]?.range, { startSeconds: 10, endSeconds: 20 });
    const lost = await client.request('messages.edit', { questionId, question: 'Where?', range: null });
    assert.equal((await shown.when((messages) => messages[0]?.id === lost.questionId && hasEnded(messages[1])))[0]?.range, undefined);
  });

  test('a range without frames fails in words, in its own answer', async () => {
    const { shown } = await ask('What is there?', { startSeconds: 4000, endSeconds: 4100 });
    const [, answer] = shown.messages();
    assert.equal(answer?.answer?.state, 'failed');
    assert.equal(answer.answer.error?.code, 'no-frames');
  });
});

suite('several clients', () => {
  test('two clients see the same answer, and each other\'s changes', async () => {
    const other = await connectTo(engine.host.origin, engine.host.token);
    const { id: conversationId } = await client.request('conversations.create', { videoId, title: 'shared' });
    const mine = openConversation(client, conversationId);
    const theirs = openConversation(other, conversationId);
    let titles: string[] = [];
    const renamed = Promise.withResolvers<undefined>();
    other.subscribe('conversations', { videoId }, ({ conversations }) => {
      titles = conversations.map(({ title }) => title);
      if (titles.includes('renamed here')) renamed.resolve(undefined);
    });
    await client.request('messages.ask', { conversationId, question: 'What is there?' });
    await theirs.when((messages) => hasEnded(messages[1]));
    await mine.when((messages) => hasEnded(messages[1]));
    assert.deepEqual(theirs.messages(), mine.messages());
    assert.ok(theirs.events.some((event) => event.kind === 'text'));
    await client.request('conversations.rename', { conversationId, title: 'renamed here' });
    await renamed.promise;
    other.close();
  });
});

suite('conversations and what leads to them', () => {
  test('removed conversations come back, and search lands on a message', async () => {
    const { conversationId, questionId } = await ask('What about the xylophone?');
    const { hits, more } = await client.request('search.all', { query: 'xylophone' });
    assert.deepEqual([more, (await client.request('search.all', { query: 'xylophone', limit: 1 })).more], [false, true]);
    assert.ok(hits.some((hit) => hit.messageId === questionId && hit.matches.length > 0));
    await client.request('conversations.remove', { conversationId });
    assert.equal((await client.request('search.all', { query: 'xylophone' })).hits.length, 0);
    assert.ok((await client.request('conversations.list', { videoId, removed: true })).conversations.some(({ id }) => id === conversationId));
    await client.request('conversations.restore', { conversationId });
    assert.ok((await client.request('conversations.list', { videoId })).conversations.some(({ id }) => id === conversationId));
  });

  test('a memory goes out with its conversations and comes back with progress', async () => {
    const file = path.join(scratch, 'film.longtake');
    const stages = new Set<string>();
    const exported = await client.request('archive.export', { videoId, file, chats: true }, { onProgress: ({ stage }) => { stages.add(stage); } });
    assert.ok(exported.conversations > 0 && existsSync(file));
    assert.deepEqual([...stages], ['export']);
    const imported = await client.request('archive.import', { file });
    assert.deepEqual([imported.videoId, imported.alreadyThere, imported.frames], [videoId, true, 150]);
    await assert.rejects(client.request('archive.export', { videoId, file }), isError('bad-argument'));
  });

  test('a memory is downloaded by a browser under its own name, the same bytes', async () => {
    const before = await client.request('storage.get', {});
    const { download, file, fileName, byteLength } = await client.request('archive.export', { videoId });
    const { downloadBytes, otherBytes } = await client.request('storage.get', {});
    assert.ok(before.downloadBytes === 0 && downloadBytes === byteLength, `${before.downloadBytes}, then ${downloadBytes} of ${byteLength}`);
    assert.ok(Math.abs(otherBytes - before.otherBytes) < byteLength, 'it counts as nothing else');
    assert.deepEqual([file, fileName], [null, 'film.longtake']);
    const response = await fetch(`${engine.host.origin}/media/archive/${download}`, { headers: { authorization: `Bearer ${engine.host.token}` } });
    assert.equal(response.headers.get('content-disposition'), "attachment; filename*=UTF-8''film.longtake");
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(bytes.byteLength, byteLength);
    const again = path.join(scratch, 'downloaded.longtake');
    writeFileSync(again, bytes);
    assert.equal((await client.request('archive.import', { file: again })).alreadyThere, true);
    assert.equal((await fetch(`${engine.host.origin}/media/archive/${videoId}`, { headers: { authorization: `Bearer ${engine.host.token}` } })).status, 404);
  });

  test('there are questions to start from where the model can answer them: the demo model understands films of its town alone', async () => {
    assert.deepEqual((await client.request('suggestions.list', { videoId })).questions, []);
    const { library } = engine.service.workspace;
    const film: Video = { ...library.videos.get(videoId), id: 'another film', durationSeconds: 7200, probe: { comment: 'A holiday' } };
    const suggest = (video: Video, model: string, language: 'en' | 'zh' = 'en'): Promise<string[]> => suggestQuestions(library, video, { model, language });
    assert.deepEqual(await suggest(film, 'demo'), []);
    const [english, chinese] = [await suggest(film, 'another'), await suggest(film, 'another', 'zh')];
    assert.equal(english[0], 'What is this video about?');
    assert.equal(chinese[0], '这个视频讲的是什么？');
    const chapters = ['', 'Arrival', 'A storm'].map((title, index) => ({ startSeconds: index * 2400, endSeconds: (index + 1) * 2400, title }));
    const about = await suggest({ ...film, probe: { chapters } }, 'another');
    assert.ok(about.some((question) => question.includes('“A storm” (from 1:20:00)')), about.join('\n'));
    const sample = { ...film, fingerprint: await fingerprintVideo(sampleVideoFile), durationSeconds: 3600 };
    assert.deepEqual(await suggest(sample, 'demo'), sampleQuestions());
    assert.deepEqual(await suggest(sample, 'another', 'zh'), sampleQuestions());
    const ofTown = await suggest({ ...film, probe: { comment: townComment } }, 'demo', 'zh');
    assert.ok(ofTown.includes('What do the signs say?') && !ofTown.some((question) => /the (?:kite|bell|balloon)/u.test(question)), ofTown.join('\n'));
  });

  test('what was asked of a video is not suggested again, until the question is taken away', async () => {
    const { library } = engine.service.workspace;
    const suggested = async (): Promise<string[]> => suggestQuestions(library, library.videos.get(videoId), { model: 'another', language: 'en' });
    const before = await suggested();
    const [first = '', ...others] = before;
    const { questionId } = await ask(` ${first.toLowerCase()} `);
    assert.deepEqual(await suggested(), others);
    await client.request('messages.remove', { messageId: questionId });
    assert.deepEqual(await suggested(), before);
  });

  test('of a film that is being encoded only what is in memory by then is asked about', async () => {
    const { library } = engine.service.workspace;
    const { id: filmId } = library.videos.upsert({ fingerprint: 'v1-1-growing', title: 'Growing', durationSeconds: 3600, probe: {} });
    library.memories.update(library.memories.ensure({ videoId: filmId, encoderFingerprint: 'f', encoderName: 'e', mode: 'exact' }).id, { frameCount: 1000 });
    const questions = await suggestQuestions(library, library.videos.get(filmId), { model: 'another', language: 'en' });
    const times = questions.flatMap((question) => [...question.matchAll(/\d+:\d\d/gu)].map(([time]) => time));
    assert.ok(times.length > 5 && times.every((time) => Number(time.split(':')[0]) < 15), times.join(' '));
    library.videos.remove(filmId);
  });

  test('what cannot be done is said with a code', async () => {
    const { id: conversationId } = await client.request('conversations.create', { videoId });
    await assert.rejects(client.request('messages.ask', { conversationId, question: '  ' }), isError('question-empty'));
    await assert.rejects(client.request('messages.ask', { conversationId: 'none', question: 'What?' }), isError('not-found'));
    await assert.rejects(client.request('messages.ask', { conversationId, question: 'What?', range: { startSeconds: 9, endSeconds: 4 } }), isError('bad-argument'));
    await assert.rejects(client.request('messages.regenerate', { answerId: 'none' }), isError('not-found'));
    await assert.rejects(client.request('archive.import', { file: path.join(scratch, 'none.longtake') }), isError('file-not-found'));
    const { shown } = await ask('7'.repeat(60_000));
    assert.equal(shown.messages()[1]?.answer?.error?.code, 'question-too-long');
  });

  test('thumbnails, times of frames and the memory are there for the timeline', async () => {
    const { memory } = await client.request('memory.info', { videoId });
    assert.equal(memory?.frameCount, 150);
    assert.equal(memory.coverageSeconds, 150);
    const { ptsSeconds } = await client.request('memory.frames', { memoryId: memory.id });
    assert.deepEqual([ptsSeconds.length, ptsSeconds[0], ptsSeconds.at(-1)], [150, 0, 149]);
    const { jpegBase64 } = await client.request('memory.thumbnail', { memoryId: memory.id, frame: 7 });
    const response = await fetch(`${engine.host.origin}/media/thumbnail/${memory.id}/7`, { headers: { authorization: `Bearer ${engine.host.token}` } });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(bytes.toString('base64'), jpegBase64);
    assert.deepEqual([...bytes.subarray(0, 2)], [0xff, 0xd8]);
    assert.deepEqual(await client.request('memory.subtitles', { memoryId: memory.id }), { tracks: [] });
  });
});
