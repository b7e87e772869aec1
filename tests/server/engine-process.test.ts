import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { connectEngine } from '../../engine/protocol/envelope-client.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { startEngineProcess, type EngineProcess, type EngineProcessState } from '../../engine/server/engine-process.ts';
import { startWebHost } from '../../engine/server/web/host.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { connectTo, hasEnded, openConversation, untilQueue } from './support/engine.ts';

const scratch = scratchDirectory('engine-process');
const video = path.join(scratch, 'film.mp4');

before(async () => { await makeVideo(video, { seconds: 40 }); });

const startIn = (home: string, entry?: string): EngineProcess => startEngineProcess({ environment: { LONGTAKE_HOME: path.join(scratch, home) }, ...(entry !== undefined && { entry }) });

const reaches = (engine: EngineProcess, wanted: EngineProcessState): Promise<Error | undefined> => new Promise((resolve) => {
  const stop = engine.onState((state, error) => {
    if (state !== wanted) return;
    stop();
    resolve(error);
  });
});

/** An engine that does what its text says. */
function makeEntry(name: string, text: string): string {
  const file = path.join(scratch, name);
  writeFileSync(file, text);
  return file;
}

suite('an engine in a process of its own', () => {
  test('killed in the middle of an answer it is started again, pages reach it again, and nothing is lost', { timeout: 240_000 }, async () => {
    await using engine = startIn('home');
    await using host = await startWebHost(engine);
    const page = await connectTo(host.origin, host.token);
    await page.request('settings.change', { provider: 'cpu' });
    const { results: [added] } = await page.request('queue.add', { paths: [video] });
    assert.ok(added?.outcome === 'queued');
    await untilQueue(page, (jobs) => jobs.length === 0);
    const { id: conversationId } = await page.request('conversations.create', { videoId: added.videoId });
    const { memory } = await page.request('memory.info', { videoId: added.videoId });
    const media = async (name: string): Promise<Response> => await fetch(`${host.origin}/media/${name}`, { headers: { authorization: `Bearer ${host.token}` } });
    assert.equal((await media(`video/${added.videoId}`)).status, 200);
    assert.equal((await media(`thumbnail/${memory?.id}/3`)).headers.get('content-type'), 'image/jpeg');
    assert.equal((await media(`thumbnail/${memory?.id}/400`)).status, 404);

    const closed = new Promise<number>((resolve) => {
      const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/socket`, { headers: { authorization: `Bearer ${host.token}` } });
      socket.on('close', resolve);
      socket.on('open', () => { socket.send(JSON.stringify({ type: 'hello', version: 1 })); });
    });
    const shown = openConversation(page, conversationId);
    const firstProcess = engine.processId ?? 0;
    const { answerId } = await page.request('messages.ask', { conversationId, question: 'What is there?' });
    await shown.when((messages) => (messages[1]?.answer?.state) === 'writing');
    const restarting = reaches(engine, 'restarting');
    process.kill(firstProcess, 'SIGKILL');
    await restarting;
    assert.equal(await closed, 1012);
    assert.equal((await media(`video/${added.videoId}`)).status, 503);
    await assert.rejects(page.request('app.info', {}), (error) => isLongtakeError(error, 'connection-lost'));

    const again = await connectTo(host.origin, host.token);
    const { processId } = await again.request('app.info', {});
    assert.ok(processId !== firstProcess && processId === engine.processId && processId !== process.pid);
    const shownAgain = openConversation(again, conversationId);
    const [question, answer] = await shownAgain.when((messages) => messages.length === 2);
    assert.deepEqual([question?.content, answer?.id, answer?.answer?.state], ['What is there?', answerId, 'interrupted']);
    const { answerId: second } = await again.request('messages.regenerate', { answerId });
    const messages = await shownAgain.when((all) => all[1]?.id === second && hasEnded(all[1]));
    assert.notEqual(messages[1]?.content, '');
    assert.equal((await again.request('library.get', { videoId: added.videoId })).memories[0]?.state, 'complete');
    assert.equal((await media(`thumbnail/${memory?.id}/3`)).status, 200);
  });

  test('one that dies again and again is given up, with its last words', async () => {
    await using engine = startIn('dying', makeEntry('dying.mjs', 'console.error("the disk is on fire"); process.exit(3);'));
    const client = connectEngine(engine.connect());
    const states: EngineProcessState[] = [];
    engine.onState((state) => { states.push(state); });
    const error = await reaches(engine, 'failed');
    assert.match(error?.message ?? '', /ended 4 times .*exit code 3.*the disk is on fire/);
    assert.deepEqual(states, ['restarting', 'restarting', 'restarting', 'failed']);
    await assert.rejects(client.ready, (reason) => isLongtakeError(reason, 'connection-lost'));
    await assert.rejects(connectEngine(engine.connect()).ready, /the disk is on fire/);
    await assert.rejects(engine.locate('video/1'), /the disk is on fire/);
  });

  test('one that says why it cannot start is not started over and over, and the reason reaches who waits', async () => {
    const occupied = path.join(scratch, 'occupied');
    writeFileSync(occupied, 'a file where the folder should be');
    await using engine = startIn('occupied');
    await assert.rejects(connectEngine(engine.connect()).ready, (error) => isLongtakeError(error, 'read-only') && error.message.includes(occupied));
    assert.equal(engine.state, 'failed');
  });

  test('what it said before it ended is heard before its connections close, however late this process looks', async () => {
    const words = 20;
    await using engine = startIn('talking', makeEntry('talking.mjs', `
      process.on('message', ({ client }) => {
        for (let word = 1; word <= ${words}; word++) process.send({ client, message: word }, () => { if (word === ${words}) process.exit(0); });
      });
      process.send({ ready: true });
    `));
    await reaches(engine, 'running');
    const heard: unknown[] = [];
    const connection = engine.connect();
    connection.onMessage((word) => { heard.push(word); });
    const closed = new Promise<void>((resolve) => { connection.onClose(resolve); });
    connection.send('Speak, and end.');
    await setTimeout(0);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000); // both its words and its end have come meanwhile
    await closed;
    assert.deepEqual(heard, Array.from({ length: words }, (_, index) => index + 1));
  });

  test('a program that is not there ends in a reason, and closing ends the process', async () => {
    await using missing = startEngineProcess({ node: path.join(scratch, 'no-such-node') });
    assert.match((await reaches(missing, 'failed'))?.message ?? '', /ENOENT/);
    const engine = startIn('closing');
    await connectEngine(engine.connect()).ready;
    const processId = engine.processId ?? 0;
    await engine[Symbol.asyncDispose]();
    assert.throws(() => process.kill(processId, 0), { code: 'ESRCH' });
    // Not yet listening: it leaves by itself as soon as it looks.
    const early = startIn('early');
    const earlyId = early.processId ?? 0;
    await early[Symbol.asyncDispose]();
    assert.throws(() => process.kill(earlyId, 0), { code: 'ESRCH' });
  });
});
