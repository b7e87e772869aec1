import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import type { VideoChapters } from '../../engine/protocol/methods-chapters.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { townComment } from '../../engine/pipeline/pebble-town.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeScenes } from '../support/videos.ts';
import { hasEnded, openConversation, startEngine, until, untilQueue, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('server-chapters');
let engine: TestEngine;
let client: EngineClient;
let videoId: string;

const whenChapters = (holds: (chapters: VideoChapters) => boolean): Promise<VideoChapters> =>
  until<VideoChapters>((onEvent, onError) => client.subscribe('chapters', { videoId }, onEvent, { onError }), holds);
/** Does something in the very moment in which something is true, before the engine goes on. */
function atOnce(holds: (chapters: VideoChapters) => boolean, act: () => void): void {
  const { changes, chapterJobs } = engine.service.workspace;
  const listening = new AbortController();
  changes.listen(({ topic }) => {
    if (topic !== 'chapters' || listening.signal.aborted || !holds(chapterJobs.view(videoId))) return;
    listening.abort();
    act();
  }, listening.signal);
}
const get = (): Promise<VideoChapters> => client.request('chapters.get', { videoId });

/** A film of four scenes that says it shows the demo model's town: what is said of it is not true, and said by the model. */
before(async () => {
  const film = path.join(scratch, 'film.mp4');
  await makeScenes(film, Array.from({ length: 4 }, () => 25));
  engine = await startEngine(path.join(scratch, 'home'));
  client = engine.client;
  const { results: [added] } = await client.request('queue.add', { paths: [film] });
  assert.ok(added?.outcome === 'queued');
  videoId = added.videoId;
  const { library } = engine.service.workspace;
  const { fingerprint, title, probe } = library.videos.get(videoId);
  await untilQueue(client, (jobs) => jobs.length === 0);
  library.videos.upsert({ fingerprint, title, probe: Object.assign({}, probe, { comment: townComment }) });
});
after(async () => { await engine[Symbol.asyncDispose](); });

suite('chapters of a video', () => {
  test('are none at first, and what changes nothing says so', async () => {
    assert.deepEqual(await get(), { source: 'none', chapters: [], summary: '', model: null, job: null });
    await assert.rejects(client.request('chapters.export', { videoId, format: 'srt' }), (error) => isLongtakeError(error, 'not-found'));
    await assert.rejects(client.request('chapters.rename', { videoId, position: 0, title: 'x' }), (error) => isLongtakeError(error, 'not-found'));
    await assert.rejects(client.request('chapters.make', { videoId: 'nobody' }), (error) => isLongtakeError(error, 'not-found'));
  });

  test('can be stopped, and go on with what is left; nothing is encoded', async () => {
    const { library, chapterJobs } = engine.service.workspace;
    const encodes = library.jobs.list();
    atOnce(({ job }) => job?.told === 2, () => { chapterJobs.stop(videoId); });
    await client.request('chapters.make', { videoId });
    const stopped = await whenChapters(({ job }) => job?.state === 'unfinished');
    const told = stopped.job?.told ?? 0;
    assert.deepEqual([told, stopped.job?.total], [2, stopped.chapters.length]);
    assert.ok(stopped.chapters.length > 2);
    await client.request('chapters.make', { videoId });
    const made = await whenChapters(({ job, source }) => job === null && source === 'made');
    assert.deepEqual(made.chapters.slice(0, told), stopped.chapters.slice(0, told));
    assert.deepEqual(made.chapters.map(({ startSeconds }) => startSeconds % 25), made.chapters.map(() => 0), 'they begin with scenes');
    assert.deepEqual([made.model, made.chapters.at(-1)?.endSeconds], ['demo', 100]);
    assert.notEqual(made.summary, '');
    assert.deepEqual(library.jobs.list(), encodes);
  });

  test('begun anew in the moment in which they are stopped, they are made', async () => {
    const { chapterJobs } = engine.service.workspace;
    await client.request('chapters.remove', { videoId });
    atOnce(({ job }) => job?.told === 1, () => {
      chapterJobs.stop(videoId);
      chapterJobs.make(videoId);
    });
    await client.request('chapters.make', { videoId });
    const { job, source } = await whenChapters((chapters) => chapters.job?.state === 'unfinished' || chapters.source === 'made');
    assert.deepEqual({ job, source }, { job: null, source: 'made' });
  });

  test('a question that is asked meanwhile is answered before they are made', async () => {
    const { id: conversationId } = await client.request('conversations.create', { videoId });
    const shown = openConversation(client, conversationId);
    const { answers, changes, chapterJobs } = engine.service.workspace;
    let answerId: string | undefined;
    const asked = Promise.withResolvers<string>();
    atOnce(({ job }) => job?.stage === 'chapters', () => {
      ({ answerId } = answers.ask(conversationId, 'What happens?', undefined));
      asked.resolve(answerId);
    });
    const toldThen = Promise.withResolvers<VideoChapters['job']>();
    changes.listen((change) => {
      if (change.topic === 'conversation' && answerId !== undefined && answers.get(answerId) === undefined) toldThen.resolve(chapterJobs.view(videoId).job);
    }, new AbortController().signal);
    await client.request('chapters.make', { videoId });
    const answered = await asked.promise;
    await shown.when((messages) => hasEnded(messages.find(({ id }) => id === answered)));
    assert.notEqual(shown.messages().at(-1)?.answer?.state, 'failed');
    const job = await toldThen.promise;
    assert.ok(job !== null && job.told <= 1, `${job?.told} of ${job?.total} were told`);
    await whenChapters((chapters) => chapters.job === null);
  });

  test('a title can be changed, is exported, and comes back with what was removed', async () => {
    await client.request('chapters.rename', { videoId, position: 1, title: ' The bars ' });
    assert.equal((await get()).chapters[1]?.title, 'The bars');
    const { fileName, text, problems } = await client.request('chapters.export', { videoId, format: 'youtube', language: 'zh' });
    assert.deepEqual([fileName, problems], ['film.youtube.txt', []]);
    assert.match(text, /^0:00 .+\n\d:\d\d The bars\n/u);
    await client.request('chapters.remove', { videoId });
    assert.equal((await get()).source, 'none');
    await client.request('chapters.restore', { videoId });
    assert.equal((await get()).chapters[1]?.title, 'The bars');
  });

  test('removing ends what is being made, and so does removing the video', async () => {
    for (const end of [() => { engine.service.workspace.chapterJobs.remove(videoId); }, () => client.request('library.remove', { videoId })]) {
      const ended = Promise.withResolvers<unknown>();
      atOnce(({ job }) => job?.stage === 'chapters', () => { ended.resolve(end()); });
      await client.request('chapters.make', { videoId });
      await ended.promise;
      await whenChapters(({ job }) => job === null || job.state === 'unfinished');
      assert.notEqual((await get()).job?.state, 'failed');
    }
    await client.request('library.restore', { videoId });
    await client.request('chapters.remove', { videoId });
    assert.equal((await get()).job, null);
  });

  test('what fails says why, and can be tried again', async () => {
    const { library } = engine.service.workspace;
    const [memory] = library.memories.list(videoId);
    assert.ok(memory !== undefined);
    library.memories.update(memory.id, { state: 'damaged' });
    await client.request('chapters.make', { videoId });
    const failed = await whenChapters(({ job }) => job?.state === 'failed');
    assert.equal(failed.job?.error?.code, 'memory-invalid');
    library.memories.update(memory.id, { state: 'complete' });
    await client.request('chapters.make', { videoId });
    await whenChapters(({ job, source }) => job === null && source === 'made');
  });

  test('the library does not move under them', async () => {
    const moved = Promise.withResolvers<unknown>();
    const { answers } = engine.service.workspace;
    atOnce(({ job }) => job?.state === 'making', () => {
      // No question gets its turn before the move has been refused.
      void answers.inTurn(() => moved.promise.catch(() => undefined), new AbortController().signal);
      client.request('library.move', { directory: path.join(scratch, 'elsewhere') }).then(moved.resolve, moved.reject);
    });
    await client.request('chapters.make', { videoId });
    await assert.rejects(moved.promise, (error) => isLongtakeError(error, 'library-busy'));
    await client.request('chapters.stop', { videoId });
    await whenChapters(({ job }) => job?.state !== 'making' && job?.state !== 'waiting');
  });
});
