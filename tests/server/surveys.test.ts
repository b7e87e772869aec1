import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import { isLongtakeError, type ErrorCode } from '../../engine/protocol/errors.ts';
import { applySurveyEvent, type StreamEvent } from '../../engine/protocol/events.ts';
import type { SurveyEntry, SurveyPartEntry } from '../../engine/protocol/methods-surveys.ts';
import { fc, runs } from '../support/properties.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { startEngine, until, untilQueue, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('surveys');
const directory = path.join(scratch, 'Holiday');
const home = path.join(scratch, 'home');
let engine: TestEngine;
let client: EngineClient;
/** In the order of their names; the last is not in memory. */
let videoIds: string[];

const isError = (code: ErrorCode) => (error: unknown): boolean => isLongtakeError(error, code);
const titleOf = async (videoId: string): Promise<string | undefined> => (await client.request('library.list', {})).videos.find(({ id }) => id === videoId)?.title;

/** Does something as soon as any answer has its first word, before the second one comes. */
async function atFirstWord(perform: () => void): Promise<void> {
  const watching = new AbortController();
  await new Promise<void>((resolve) => {
    engine.service.workspace.changes.listen(({ topic }) => {
      if (topic !== 'text' || watching.signal.aborted) return;
      watching.abort();
      perform();
      resolve();
    }, watching.signal);
  });
}

/** What a window that has a survey open shows, kept up to date from its stream alone. */
function openSurvey(surveyId: string): { readonly events: StreamEvent<'survey'>[]; readonly when: (holds: (parts: readonly SurveyPartEntry[], survey: SurveyEntry) => boolean) => Promise<readonly SurveyPartEntry[]>; readonly close: () => void } {
  let parts: readonly SurveyPartEntry[] = [];
  let survey: SurveyEntry | undefined;
  const events: StreamEvent<'survey'>[] = [];
  const checks = new Set<() => void>();
  const close = client.subscribe('survey', { surveyId }, (event) => {
    events.push(event);
    if (event.kind === 'parts') survey = event.survey;
    parts = applySurveyEvent(parts, event);
    for (const check of checks) check();
  });
  return {
    events, close,
    when: (holds) => new Promise((resolve) => {
      const check = (): void => {
        if (survey === undefined || !holds(parts, survey)) return;
        checks.delete(check);
        resolve(parts);
      };
      checks.add(check);
      check();
    }),
  };
}

before(async () => {
  mkdirSync(directory);
  await Promise.all([1, 2, 3].map((number) => makeVideo(path.join(directory, `take ${number}.mp4`), { seconds: 19 + number })));
  engine = await startEngine(home);
  client = engine.client;
  const { results, folders } = await client.request('queue.add', { paths: [directory] });
  videoIds = results.map((result) => result.outcome === 'refused' ? '' : result.videoId);
  assert.deepEqual(folders.map(({ name, videoCount }) => [name, videoCount]), [['Holiday', 3]]);
  const last = results[2];
  assert.ok(last?.outcome === 'queued');
  await client.request('queue.pause', { jobId: last.jobId });
  await untilQueue(client, (jobs) => jobs.every(({ state }) => state === 'paused'));
});

after(async () => { await engine[Symbol.asyncDispose](); });

suite('folders', () => {
  test('a folder of the disk became one of the library; adding it again leaves what a person has moved', async () => {
    const { folders: [holiday], videos } = await client.request('library.list', {});
    assert.equal(holiday?.name, 'Holiday');
    assert.ok(videos.every(({ folderId }) => folderId === holiday.id));
    const work = await client.request('folders.create', { name: 'Work', videoIds: videoIds.slice(0, 1) });
    assert.deepEqual((await client.request('queue.add', { paths: [directory] })).folders, []);
    await client.request('folders.put', { videoIds: videoIds.slice(1, 2), folderId: null });
    assert.deepEqual((await client.request('queue.add', { paths: [directory] })).folders.map(({ name, videoCount }) => [name, videoCount]), [['Holiday', 1]]);
    assert.equal((await client.request('library.get', { videoId: videoIds[0] ?? '' })).folderId, work.id);
    const sent = await client.request('queue.add', { paths: [path.join(directory, 'take 1.mp4')], folder: 'Work' });
    assert.deepEqual(sent.folders, [], 'it is there already');
    await client.request('folders.put', { videoIds: videoIds.slice(1), folderId: null });
    const files = [2, 3].map((number) => path.join(directory, `take ${number}.mp4`));
    assert.deepEqual((await client.request('queue.add', { paths: files, folder: 'Sent' })).folders.map(({ name, videoCount }) => [name, videoCount]), [['Sent', 2]]);
    const [job] = (await client.request('queue.list', {})).jobs;
    await client.request('queue.pause', { jobId: job?.id ?? '' });
  });

  test('every window sees what is made, renamed, removed and taken back', async () => {
    const seen = (holds: (event: StreamEvent<'library'>) => boolean): Promise<StreamEvent<'library'>> =>
      until((onEvent, onError) => client.subscribe('library', {}, onEvent, { onError }), holds);
    const { id: folderId } = await client.request('folders.create', { name: 'Sea', videoIds });
    const inSea = ({ folders, videos }: StreamEvent<'library'>): boolean => folders.some(({ name }) => name === 'Sea at night') && videos.every((video) => video.folderId === folderId);
    await client.request('folders.rename', { folderId, name: 'Sea at night' });
    await seen(inSea);
    await client.request('folders.remove', { folderId });
    await seen(({ folders, videos }) => !folders.some(({ id }) => id === folderId) && videos.every((video) => video.folderId === null) && videos.length === 3);
    await client.request('folders.restore', { folderId });
    await seen(inSea);
    await assert.rejects(client.request('folders.rename', { folderId, name: 'work' }), isError('bad-argument'));
    await assert.rejects(client.request('folders.put', { videoIds: ['none'], folderId }), isError('not-found'));
    assert.deepEqual((await client.request('search.all', { query: 'night' })).hits.map(({ kind, folderId: id }) => [kind, id]), [['folder', folderId]]);
  });
});

suite('questions across videos', () => {
  test('each video in memory is asked in turn and streams; what has no memory is named, and is asked once it has one', async () => {
    const { surveyId } = await client.request('surveys.ask', { question: ' What is there? ', videoIds });
    const shown = openSurvey(surveyId);
    const parts = await shown.when((_parts, { running }) => !running);
    assert.deepEqual(parts.map(({ answer, error }) => answer?.answer?.state ?? error?.code), [parts[0]?.answer?.answer?.state, parts[1]?.answer?.answer?.state, 'not-found']);
    for (const part of parts.slice(0, 2)) {
      assert.ok(['complete', 'length'].includes(part.answer?.answer?.state ?? ''), `it is ${part.answer?.answer?.state}`);
      assert.ok(part.answer !== null && part.answer.content !== '');
      const texts = shown.events.flatMap((event) => event.kind === 'text' && event.messageId === part.answer?.id ? [event.offset] : []);
      assert.deepEqual(texts, texts.toSorted((one, other) => one - other));
    }
    assert.ok(shown.events.some(({ kind }) => kind === 'text'));
    const [first] = parts;
    // An ordinary conversation of its video, that can be gone on with.
    const { messages } = await client.request('messages.list', { conversationId: first?.conversationId ?? '' });
    assert.deepEqual([messages[0]?.content, messages[1]?.content], ['What is there?', first?.answer?.content]);
    assert.deepEqual((await client.request('conversations.list', { videoId: videoIds[0] ?? '' })).conversations.map(({ title }) => title), ['What is there?']);

    const [job] = (await client.request('queue.list', {})).jobs;
    await client.request('queue.resume', { jobId: job?.id ?? '' });
    await untilQueue(client, (jobs) => jobs.length === 0);
    await client.request('surveys.resume', { surveyId });
    const whole = await shown.when((some, { running }) => !running && some[2]?.error === null);
    assert.equal(whole[2]?.answer?.answer?.coverage?.complete, true);
    assert.equal(whole[0]?.answer?.id, first?.answer?.id, 'what was answered is not asked again');
    assert.deepEqual((await client.request('surveys.get', { surveyId })).parts, whole);
    shown.close();
  });

  test('a stop ends the answer that is being written and asks no further; going on asks the rest', async () => {
    const { surveyRounds } = engine.service.workspace;
    const surveyId = surveyRounds.ask('Where is it?', videoIds);
    await atFirstWord(() => { surveyRounds.stop(surveyId); });
    const shown = openSurvey(surveyId);
    await client.request('surveys.stop', { surveyId });
    const stopped = await shown.when((parts, { running }) => !running && parts[0]?.answer?.answer?.state === 'stopped');
    assert.deepEqual(stopped.slice(1).map(({ answer, waiting, error }) => [answer, waiting, error]), [[null, false, null], [null, false, null]]);
    const entry = (await client.request('surveys.list', {})).surveys.find(({ id }) => id === surveyId);
    assert.deepEqual([entry?.videoCount, entry?.askedCount, entry?.running], [3, 1, false]);
    await client.request('surveys.resume', { surveyId });
    const rest = await shown.when((parts, { running }) => !running && parts[2]?.answer !== null);
    assert.equal(rest[0]?.answer?.answer?.state, 'stopped');
    shown.close();
  });

  test('a person\'s own question waits for one answer and not for all', async () => {
    const [order, watching] = [new Set<string>(), new AbortController()];
    engine.service.workspace.changes.listen((change) => { if (change.topic === 'text') order.add(change.messageId); }, watching.signal);
    const { id: conversationId } = await client.request('conversations.create', { videoId: videoIds[2] ?? '' });
    const [{ surveyId }, { answerId }] = await Promise.all([
      client.request('surveys.ask', { question: 'Who is there?', videoIds }), client.request('messages.ask', { conversationId, question: 'And here?' }),
    ]);
    const shown = openSurvey(surveyId);
    const parts = await shown.when((_parts, { running }) => !running);
    shown.close();
    watching.abort();
    const place = [...order].indexOf(answerId);
    assert.ok(place === 0 || place === 1, `it was answered at place ${place}`);
    assert.deepEqual([...order].filter((id) => id !== answerId), parts.map(({ answer }) => answer?.id));
  });

  test('what was asked is exported in three forms, found by search, and removed with a way back', async () => {
    const { surveyId } = await client.request('surveys.ask', { question: 'Is there a <b>zeppelin</b>?', videoIds: [videoIds[1] ?? ''] });
    const shown = openSurvey(surveyId);
    const [part] = await shown.when((_parts, { running }) => !running);
    shown.close();
    const content = part?.answer?.content ?? '';
    const markdown = await client.request('surveys.export', { surveyId, format: 'markdown' });
    assert.equal(markdown.text, `# Is there a <b>zeppelin</b>?\n\nAsked of 1 video.\n\n## ${await titleOf(videoIds[1] ?? '')}\n\n*Made up: the demo model does not understand this film.*\n\n${content}\n`);
    assert.match((await client.request('surveys.export', { surveyId, format: 'html', language: 'zh' })).text, /<html lang="zh">[^]*<h1>Is there a &lt;b&gt;zeppelin[^]*向 1 个视频提问[^]*<em>编造的回答：演示模型看不懂这段视频。<\/em><\/p>\n<div class="answer">/u);
    const { version, question, videos: [video] } = JSON.parse((await client.request('surveys.export', { surveyId, format: 'json' })).text) as { version: number; question: string; videos: { videoId: string; content: string; madeUp?: boolean; answer: { model: string } }[] };
    assert.deepEqual([version, question, video?.videoId, video?.content, video?.madeUp, video?.answer.model], [1, 'Is there a <b>zeppelin</b>?', videoIds[1], content, true, 'demo']);
    const found = async (): Promise<unknown[]> => (await client.request('search.all', { query: 'zeppelin' })).hits.filter(({ kind }) => kind === 'survey').map((hit) => hit.surveyId);
    assert.deepEqual(await found(), [surveyId]);
    await client.request('surveys.remove', { surveyId });
    assert.deepEqual(await found(), []);
    assert.ok(!(await client.request('surveys.list', {})).surveys.some(({ id }) => id === surveyId));
    await client.request('surveys.restore', { surveyId });
    assert.deepEqual(await found(), [surveyId]);
  });

  test('what cannot be asked is refused with a code', async () => {
    await assert.rejects(client.request('surveys.ask', { question: '  ', videoIds }), isError('question-empty'));
    await assert.rejects(client.request('surveys.ask', { question: 'What?', videoIds: [] }), isError('bad-argument'));
    await assert.rejects(client.request('surveys.ask', { question: 'What?', videoIds: ['none'] }), isError('not-found'));
    await assert.rejects(client.request('surveys.resume', { surveyId: 'none' }), isError('not-found'));
  });

  test('an engine that ends while it asks knows afterwards what is left', async () => {
    const surveyId = engine.service.workspace.surveyRounds.ask('When is it?', videoIds);
    await atFirstWord(() => { void engine.service.workspace.close(); });
    await engine[Symbol.asyncDispose]();
    engine = await startEngine(home);
    client = engine.client;
    const { parts, running } = await client.request('surveys.get', { surveyId });
    assert.deepEqual([running, parts.map(({ answer, waiting }) => [answer?.answer?.state ?? null, waiting])], [false, [['interrupted', false], [null, false], [null, false]]]);
  });
});

test('a client that follows the events of a survey has what the engine has', () => {
  const part = fc.record({ videoTitle: fc.constantFrom('a', 'b'), waiting: fc.boolean() }).map((given): SurveyPartEntry => ({ videoId: 'v', conversationId: null, answer: null, error: null, ...given }));
  const survey: SurveyEntry = { id: 's', question: 'q', createdAtMs: 0, videoCount: 0, askedCount: 0, running: false };
  fc.assert(fc.property(fc.array(part, { maxLength: 5 }), fc.array(part, { maxLength: 5 }), (before, after) => {
    const changed = after.flatMap((one, at) => JSON.stringify(before[at]) === JSON.stringify(one) ? [] : [{ at, part: one }]);
    assert.deepEqual(applySurveyEvent(before, { kind: 'parts', survey, count: after.length, changed }), after);
  }), { numRuns: runs(100) });
});
