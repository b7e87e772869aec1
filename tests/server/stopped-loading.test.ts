import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { StreamEvent } from '../../engine/protocol/events.ts';
import { openEngine } from '../../engine/pipeline/engine.ts';
import type { ModelStatus } from '../../engine/server/model-host.ts';
import { stopLoading } from '../../engine/server/stop-loading.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { hasEnded, openConversation, startEngine, until, untilQueue, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('stopped-loading-server');
const [first, second, third] = ['first.mp4', 'second.mp4', 'third.mp4'].map((name) => path.join(scratch, name)) as [string, string, string];
let engine: TestEngine;
let client: EngineClient;
let videoIds: string[];

/** Does something in the very moment in which the model is in a state, before the engine goes on. */
function atOnce(state: ModelStatus['state'], act: () => void): void {
  const { changes, host } = engine.service.workspace;
  const listening = new AbortController();
  changes.listen(({ topic }) => {
    if (topic !== 'model' || listening.signal.aborted || host.status.state !== state) return;
    listening.abort();
    act();
  }, listening.signal);
}
const stop = (): void => { stopLoading(engine.service.workspace); };
/** Lets nobody answer until the returned function is called. */
function holdTurn(): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const held = engine.service.workspace.answers.inTurn(() => promise, new AbortController().signal);
  return async () => {
    resolve(undefined);
    await held;
  };
}
const ask = async (videoId: string): Promise<ReturnType<typeof openConversation> & { readonly answerId: string }> => {
  const { id: conversationId } = await client.request('conversations.create', { videoId });
  const shown = openConversation(client, conversationId);
  return { ...shown, ...await client.request('messages.ask', { conversationId, question: 'What is there?' }) };
};
const stateOf = async ({ when, answerId }: Awaited<ReturnType<typeof ask>>): Promise<string | undefined> =>
  (await when((messages) => hasEnded(messages.find(({ id }) => id === answerId)))).find(({ id }) => id === answerId)?.answer?.state;
before(async () => {
  await Promise.all([makeVideo(first, { seconds: 30 }), makeVideo(second, { seconds: 30, width: 128 }), makeVideo(third, { seconds: 20, width: 160 })]);
  engine = await startEngine(path.join(scratch, 'home'));
  client = engine.client;
});
after(async () => { await engine[Symbol.asyncDispose](); });

suite('a model whose loading is stopped', () => {
  test('for an encode pauses all that is queued, and whoever resumes one loads it again', async () => {
    atOnce('loading', stop);
    const { results } = await client.request('queue.add', { paths: [first, second] });
    videoIds = results.flatMap((result) => result.outcome === 'queued' ? [result.videoId] : []);
    const { jobs } = await untilQueue(client, (all) => all.length === 2 && all.every(({ state }) => state === 'paused'));
    const { host, library } = engine.service.workspace;
    assert.deepEqual([host.status.state, host.status.provider, host.status.error, host.loading], ['ready', undefined, undefined, []]);
    assert.deepEqual(library.memories.list().map(({ frameCount }) => frameCount).filter((count) => count > 0), []);
    for (const { id } of jobs) await client.request('queue.resume', { jobId: id });
    await untilQueue(client, (all) => all.length === 0);
    assert.deepEqual([host.status.state, host.status.provider], ['ready', 'cpu']);
  });

  test('stops the questions that wait for it, all of them; the next one loads it and is answered', async () => {
    const { host } = engine.service.workspace;
    // Two stand in line behind the first: all three have been asked by the time that the model begins to load.
    const release = holdTurn();
    const waiting = [await ask(videoIds[0] ?? ''), await ask(videoIds[1] ?? ''), await ask(videoIds[0] ?? '')] as const;
    atOnce('loading', stop);
    await release();
    assert.deepEqual(await Promise.all(waiting.map(stateOf)), ['stopped', 'stopped', 'stopped']);
    assert.deepEqual([host.status.state, host.loading], ['ready', []]);
    const { answerId } = await client.request('messages.regenerate', { answerId: waiting[0].answerId });
    assert.match(await stateOf({ ...waiting[0], answerId }) ?? '', /^(?:complete|length)$/u);
  });

  test('ends a round across videos and what a program has asked; the round goes on when it is resumed', async () => {
    const { host, surveyRounds, library } = engine.service.workspace;
    await client.request('settings.change', { graphicsLimitBytes: 4e9 }); // the model is opened anew
    const release = holdTurn();
    const asked = new Promise<unknown>((resolve) => {
      client.subscribe('answer', { videoId: videoIds[0] ?? '', turns: [{ role: 'user', content: 'What is there?' }] }, () => undefined, { onError: resolve });
    });
    const { surveyId } = await client.request('surveys.ask', { question: 'What is there?', videoIds });
    const untilSurveys = (holds: () => boolean): Promise<unknown> => until<StreamEvent<'surveys'>>((onEvent, onError) => client.subscribe('surveys', {}, onEvent, { onError }), holds);
    await untilSurveys(() => library.surveys.parts(surveyId).some(({ questionId }) => questionId !== null));
    atOnce('loading', stop);
    await release();
    assert.ok(isLongtakeError(await asked, 'cancelled'));
    await untilSurveys(() => !surveyRounds.isRunning(surveyId));
    assert.deepEqual(library.surveys.parts(surveyId).map(({ questionId }) => questionId !== null), [true, false], 'the second video has not been asked');
    assert.deepEqual([host.status.state, host.loading], ['ready', []]);
    await client.request('surveys.resume', { surveyId });
    await untilSurveys(() => !surveyRounds.isRunning(surveyId));
    const [, other] = library.surveys.parts(surveyId);
    const answered = library.messages.list(library.messages.get(other?.questionId ?? '').conversationId);
    assert.equal(answered.length, 2);
    assert.notEqual(answered[1]?.content, '');
  });

  test('is loaded again by who asks in the very moment of the stop, after what was taken has been freed', async () => {
    const { host } = engine.service.workspace;
    await client.request('settings.change', { graphicsLimitBytes: 5e9 });
    const load = (): Promise<string> => host.use(async ({ engine: { load: loadPart } }) => (await loadPart('answer')).provider);
    let again: Promise<string> | undefined;
    atOnce('loading', () => {
      stop();
      again = load();
    });
    await assert.rejects(load(), (error) => isLongtakeError(error, 'cancelled'));
    assert.equal(await again, 'cpu');
    assert.deepEqual([host.status.state, host.status.provider, host.loading], ['ready', 'cpu', []]);
  });

  test('on the command line ends as everything else there does that is stopped: with `cancelled`', async () => {
    const stopping = new AbortController();
    await using opened = await openEngine({ model: 'demo', provider: 'cpu', weights: undefined, graphicsLimitBytes: undefined }, { signal: stopping.signal });
    const loading = opened.load('answer');
    stopping.abort();
    await assert.rejects(loading, (error) => isLongtakeError(error, 'cancelled'));
    assert.equal(opened.isLoaded('answer'), false);
  });

  test('changes nothing where nothing loads', async () => {
    const before = engine.service.workspace.host.status;
    await client.request('models.stopLoading', {});
    assert.deepEqual(engine.service.workspace.host.status, before);
    const { results } = await client.request('queue.add', { paths: [third] });
    assert.equal(results[0]?.outcome, 'queued');
    await untilQueue(client, (all) => all.length === 0);
  });
});
