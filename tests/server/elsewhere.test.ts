import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { openLibrary, type Library } from '../../engine/library/index.ts';
import type { StreamEvent } from '../../engine/protocol/events.ts';
import { runJson } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { startEngine, until, untilQueue, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('elsewhere');
const home = path.join(scratch, 'home');
const video = path.join(scratch, 'film.mp4');
let engine: TestEngine;
let other: Library;

before(async () => {
  await makeVideo(video, { seconds: 20 });
  engine = await startEngine(home);
  other = openLibrary(path.join(home, 'library.sqlite'));
});
after(async () => {
  other.close();
  await engine[Symbol.asyncDispose]();
});

suite('what another process writes while an engine has the library open', () => {
  test('reaches the queue: a job of the command line is run, and one that it pauses rests', async () => {
    const release = engine.service.workspace.queue.hold();
    const added = await runJson(home, ['queue', 'add', video]);
    const [{ jobId, videoId } = { jobId: '', videoId: '' }] = added.value['results'] as { jobId: string; videoId: string }[];
    await untilQueue(engine.client, (jobs) => jobs.some(({ id, state }) => id === jobId && state === 'queued'));
    await runJson(home, ['queue', 'pause', jobId]);
    await untilQueue(engine.client, (jobs) => jobs.some(({ id, state }) => id === jobId && state === 'paused'));
    release();
    other.jobs.setState(jobId, 'queued');
    await untilQueue(engine.client, (jobs) => jobs.length === 0);
    const { memory } = await engine.client.request('memory.info', { videoId });
    assert.deepEqual([memory?.state, memory?.frameCount], ['complete', 20]);
  });

  test('reaches windows: a conversation that was renamed has its title there', async () => {
    const [entry] = other.videos.list();
    const { id, videoId } = other.conversations.create({ videoId: entry?.id ?? '', title: 'before' });
    const follow = (holds: (event: StreamEvent<'conversations'>) => boolean): Promise<StreamEvent<'conversations'>> =>
      until((onEvent, onError) => engine.client.subscribe('conversations', { videoId }, onEvent, { onError }), holds);
    const renamed = follow(({ conversations }) => conversations.some(({ title }) => title === 'after'));
    await follow(({ conversations }) => conversations.some(({ title }) => title === 'before'));
    other.conversations.rename(id, 'after');
    assert.equal((await renamed).conversations.length, 1);
  });

  test('reaches the model: after another setting the old one is no longer used', async () => {
    const { host, library } = engine.service.workspace;
    await host.use(() => Promise.resolve());
    assert.equal(host.status.state, 'ready');
    const idle = until<StreamEvent<'model'>>((onEvent, onError) => engine.client.subscribe('model', {}, onEvent, { onError }), ({ state }) => state === 'idle');
    const key = 'settings';
    other.settings.set(key, { ...await engine.client.request('settings.get', {}), graphicsLimitBytes: 1e9 });
    await idle;
    assert.equal((await engine.client.request('settings.get', {})).graphicsLimitBytes, 1e9);
    assert.equal(library.writtenElsewhere(), false, 'what this process writes is not elsewhere');
  });
});
