import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { StreamEvent } from '../../engine/protocol/events.ts';
import type { QueueJob } from '../../engine/protocol/methods-library.ts';
import { openEngine } from '../../engine/pipeline/engine.ts';
import type { ModelStatus } from '../../engine/server/model-host.ts';
import { stopLoading } from '../../engine/server/stop-loading.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { hasEnded, holdTurn, openConversation, startEngine, until, untilQueue, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('stopped-loading-server');
const [first, second, third, fourth, fifth, last] = ['first', 'second', 'third', 'fourth', 'fifth', 'last'].map((name) => path.join(scratch, `${name}.mp4`)) as [string, string, string, string, string, string];
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
/** Puts two videos into the queue and stops the loading of the model that the first one waits for. Their jobs and videos. */
async function stopLoadingFor(paths: readonly [string, string]): Promise<readonly [readonly QueueJob[], string[]]> {
  const release = engine.service.workspace.queue.hold();
  const { results } = await client.request('queue.add', { paths: [...paths] });
  atOnce('loading', stop);
  release();
  const { jobs } = await untilQueue(client, (all) => all[0]?.state === 'paused');
  return [jobs, results.flatMap((result) => result.outcome === 'queued' ? [result.videoId] : [])];
}
const ask = async (videoId: string): Promise<ReturnType<typeof openConversation> & { readonly answerId: string }> => {
  const { id: conversationId } = await client.request('conversations.create', { videoId });
  const shown = openConversation(client, conversationId);
  return { ...shown, ...await client.request('messages.ask', { conversationId, question: 'What is there?' }) };
};
const stateOf = async ({ when, answerId }: Awaited<ReturnType<typeof ask>>): Promise<string | undefined> =>
  (await when((messages) => hasEnded(messages.find(({ id }) => id === answerId)))).find(({ id }) => id === answerId)?.answer?.state;
before(async () => {
  await Promise.all([makeVideo(first, { seconds: 30 }), makeVideo(second, { seconds: 30, width: 128 }), makeVideo(third, { seconds: 20, width: 160 }),
    makeVideo(fourth, { seconds: 4, width: 96 }), makeVideo(fifth, { seconds: 5, width: 96 }), makeVideo(last, { seconds: 6, width: 96 }),
  ]);
  engine = await startEngine(path.join(scratch, 'home'));
  client = engine.client;
});
after(async () => { await engine[Symbol.asyncDispose](); });

suite('a model whose loading is stopped', () => {
  test('for an encode pauses that one and says why; what is behind it waits, and goes on with it', async () => {
    const { host, library, queue } = engine.service.workspace;
    const [jobs, ids] = await stopLoadingFor([first, second]);
    videoIds = ids;
    assert.deepEqual(jobs.map(({ error }) => error?.code), ['cancelled', undefined]);
    assert.deepEqual([host.status.state, host.status.provider, host.status.error, host.loading], ['ready', undefined, undefined, []]);
    queue.wake(); // looks for what to begin
    assert.deepEqual((await client.request('queue.list', {})).jobs.map(({ state }) => state), ['paused', 'queued']);
    assert.deepEqual(library.memories.list().map(({ frameCount }) => frameCount).filter((count) => count > 0), []);
    await client.request('queue.resume', { jobId: jobs[0]?.id ?? '' });
    assert.equal((await client.request('queue.list', {})).jobs[0]?.error, null);
    await untilQueue(client, (all) => all.length === 0);
    assert.deepEqual([host.status.state, host.status.provider], ['ready', 'cpu']);
  });

  test('for an encode lets the others go on where that one is stopped or removed, or another video is wished for, whose own pause is then an ordinary one', async () => {
    const { library, queue } = engine.service.workspace;
    const ways: readonly ((held: QueueJob) => Promise<unknown>)[] = [
      ({ id }) => client.request('queue.cancel', { jobId: id }),
      ({ videoId }) => client.request('library.remove', { videoId }),
      async (held) => {
        await client.request('queue.add', { paths: [last] });
        assert.deepEqual((await client.request('queue.list', {})).jobs.filter(({ id }) => id === held.id).map(({ state, error }) => [state, error]), [['paused', null]]);
      },
    ];
    for (const [index, goOn] of ways.entries()) {
      await client.request('settings.change', { graphicsLimitBytes: 10e9 + index }); // the model is opened anew
      const [[held, other]] = await stopLoadingFor([fourth, fifth]);
      assert.ok(held && other);
      await goOn(held);
      await untilQueue(client, (all) => all.every(({ id, state }) => id === held.id && state !== 'running'));
      for (const { id } of queue.list()) await client.request('queue.remove', { jobId: id });
      for (const { videoId } of [held, other]) {
        library.videos.remove(videoId);
        await client.request('library.purge', { videoId });
      }
    }
  });

  test('stops the questions that wait for it, all of them; the next one loads it and is answered', async () => {
    const { host } = engine.service.workspace;
    // Two stand in line behind the first: all three have been asked by the time that the model begins to load.
    const release = holdTurn(engine);
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
    const release = holdTurn(engine);
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
