import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import { visionOperations } from '../../engine/models/costs.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { writeMachineSpeed } from '../../engine/server/machine-speed.ts';
import { readSettings } from '../../engine/server/settings.ts';
import { runCli, startCli } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo, makeWaitingFfmpeg } from '../support/videos.ts';
import { connectTo, hasEnded, openConversation, startEngine, until, untilQueue, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('queue');
const folder = path.join(scratch, 'films');
const [first, second, long] = [path.join(folder, 'a.mp4'), path.join(folder, 'more', 'b.mp4'), path.join(scratch, 'long.mp4')];
let engine: TestEngine;
let client: EngineClient;

/** A job of a video that has failed, as an earlier run left it. */
function leaveFailedJob(videoId: string, code: string): string {
  const { jobs } = engine.service.workspace.library;
  const { id } = jobs.add({ kind: 'encode', videoId, data: { path: first, decoding: 'exact' } });
  jobs.move(id, jobs.list({ states: ['queued'] }).find((other) => other.id !== id)?.id);
  assert.equal(jobs.claim('an earlier run')?.id, id);
  jobs.finish(id, 'an earlier run', { code, message: 'It did not work.' });
  return id;
}

const card = async (videoId: string): Promise<Awaited<ReturnType<typeof client.request<'library.get'>>>> => await client.request('library.get', { videoId });

before(async () => {
  mkdirSync(path.join(folder, 'more'), { recursive: true });
  await makeVideo(first, { seconds: 100 });
  await makeVideo(second, { seconds: 20, width: 128 });
  await makeVideo(long, { seconds: 400, framesPerSecond: 2 });
  writeFileSync(path.join(folder, 'notes.txt'), 'not a film');
  engine = await startEngine(path.join(scratch, 'home'));
  client = engine.client;
});
after(async () => { await engine[Symbol.asyncDispose](); });

suite('the encode queue', () => {
  test('what it will take is known before it starts', async () => {
    const forecast = await client.request('queue.forecast', { paths: [long] });
    assert.equal(forecast.frames, 400);
    assert.ok((forecast.diskBytes ?? 0) > 400 * 16 * 192 * 2 && forecast.fits && forecast.freeDiskBytes > 0);
    assert.equal(forecast.encodeSeconds, null);
    assert.ok(forecast.fitsMemory && forecast.encodeMemoryBytes < forecast.machineMemoryBytes && (forecast.answerMemoryBytes ?? 0) > 250e6);
  });

  test('before the first encode with a model it is told from the speed of the machine, unless ffmpeg is what it waits for', async () => {
    const { library, host } = engine.service.workspace;
    const operationsPerSecond = visionOperations(await host.spec()) / 2; // two seconds a frame
    const measured = { provider: 'cpu', kernels: 'onnxruntime', bytesPerSecond: 1e9, secondsPerKernel: 0 } as const;
    const { provider } = readSettings(library);
    writeMachineSpeed(library, provider, { ...measured, operationsPerSecond });
    const { encodeSeconds } = await client.request('queue.forecast', { paths: [long] });
    assert.ok(Math.abs((encodeSeconds ?? 0) - 800) < 1e-6, String(encodeSeconds));
    writeMachineSpeed(library, provider, { ...measured, operationsPerSecond: 1e6 * operationsPerSecond });
    assert.equal((await client.request('queue.forecast', { paths: [long] })).encodeSeconds, null);
  });

  test('a folder takes what its films take together; what is queued already, and what the system needs, is not free for it', async (context) => {
    const { queue } = engine.service.workspace;
    const bad = path.join(scratch, 'bad.mp4');
    writeFileSync(bad, 'this is no film');
    const release = queue.hold();
    context.after(release); // also where it fails: the tests behind it would wait for ever
    const { files, frames, diskBytes, keptDiskBytes } = await client.request('queue.forecast', { paths: [folder, bad, first] });
    assert.deepEqual(files.map((file) => [path.basename(file.path), file.frames]), [['a.mp4', 100], ['b.mp4', 20]]);
    assert.deepEqual([frames, diskBytes], [120, files.reduce((sum, file) => sum + (file.diskBytes ?? 0), 0)]);
    assert.equal(keptDiskBytes, 256 * 1024 * 1024);
    const { results: [added] } = await client.request('queue.add', { paths: [long] });
    assert.ok(added?.outcome === 'queued');
    const own = await client.request('queue.forecast', { paths: [long] });
    assert.equal(own.keptDiskBytes, keptDiskBytes, 'not twice');
    assert.equal((await client.request('queue.forecast', { paths: [folder] })).keptDiskBytes, keptDiskBytes + (own.diskBytes ?? 0));
    await client.request('queue.remove', { jobId: added.jobId });
    await client.request('library.remove', { videoId: added.videoId });
    await client.request('library.purge', { videoId: added.videoId });
    release();
    await assert.rejects(client.request('queue.forecast', { paths: [bad] }), (error) => isLongtakeError(error, 'not-a-video'));
  });

  test('hundreds of files are looked into several at a time, until nobody waits any more', async () => {
    const many = path.join(scratch, 'many');
    mkdirSync(many);
    for (let index = 0; index < 200; index++) copyFileSync(second, path.join(many, `${index}.mp4`));
    const stopping = new AbortController();
    const stopped = client.request('queue.forecast', { paths: [many] }, { signal: stopping.signal });
    setTimeout(() => { stopping.abort(); }, 100);
    await assert.rejects(stopped, (error) => isLongtakeError(error, 'cancelled'));
    const { files, frames } = await client.request('queue.forecast', { paths: [many] });
    assert.deepEqual([files.length, frames], [200, 4000]);
  });

  test('a folder is searched, a bad file refuses only itself, and one job runs at a time', async () => {
    const text = path.join(scratch, 'text.mp4');
    writeFileSync(text, 'this is no film');
    const running: number[] = [];
    const states = new Set<string>();
    // At every change, not at those that a stream has the time for: an encode this small is over between two of them on a quick machine.
    const { changes, queue } = engine.service.workspace;
    const watching = new AbortController();
    changes.listen(({ topic }) => {
      if (topic !== 'queue') return;
      const jobs = queue.list();
      running.push(jobs.filter(({ state }) => state === 'running').length);
      for (const { stage, share, provider, totalSeconds } of jobs) {
        if (stage === 'encode' && share !== null && totalSeconds !== null && provider === 'cpu') states.add('progress with share and device');
      }
    }, watching.signal);
    const { results } = await client.request('queue.add', { paths: [folder, text, path.join(scratch, 'none.mp4')] });
    assert.deepEqual(results.map((result) => result.outcome === 'refused' ? result.error.code : path.basename(result.path)),
      ['a.mp4', 'b.mp4', 'not-a-video', 'file-not-found']);
    await untilQueue(client, (jobs) => jobs.length === 0);
    watching.abort();
    assert.equal(Math.max(...running), 1);
    assert.ok(states.size > 0);
    const { videos } = await client.request('library.list', {});
    assert.deepEqual(videos.map(({ title, memories }) => [title, memories[0]?.state, memories[0]?.frameCount]), [['b.mp4', 'complete', 20], ['a.mp4', 'complete', 100]]);
    const again = await client.request('queue.add', { paths: [first] });
    assert.equal(again.results[0]?.outcome, 'in-memory');
  });

  test('a paused encode can be asked about, says how far it came, and is resumed to its end', async () => {
    const paused = new AbortController();
    const { changes, queue } = engine.service.workspace;
    changes.listen(({ topic }) => {
      const job = topic === 'queue' ? queue.list().find(({ state, doneSeconds }) => state === 'running' && doneSeconds > 64) : undefined;
      if (job === undefined || paused.signal.aborted) return;
      paused.abort();
      queue.setState(job.id, 'paused');
    }, paused.signal);
    const { results: [added] } = await client.request('queue.add', { paths: [long] });
    assert.ok(added?.outcome === 'queued');
    const { jobs: [job] } = await untilQueue(client, (jobs) => jobs[0]?.state === 'paused');
    const isPart = (share: number | null | undefined): boolean => (share ?? 0) > 0.1 && (share ?? 1) < 1;
    assert.ok(isPart(job?.share), String(job?.share));
    const { memory } = await client.request('memory.info', { videoId: added.videoId });
    assert.ok(memory?.state === 'growing' && memory.frameCount >= 64 && memory.frameCount < 400);

    const { id: conversationId } = await client.request('conversations.create', { videoId: added.videoId });
    const shown = openConversation(client, conversationId);
    await client.request('messages.ask', { conversationId, question: 'What is there?' });
    const [, answer] = await shown.when((messages) => hasEnded(messages[1]));
    assert.deepEqual([answer?.answer?.coverage?.complete, answer?.answer?.coverage?.frames], [false, memory.frameCount]);
    assert.notEqual(answer?.content, '');
    const [resting] = (await client.request('queue.list', {})).jobs;
    assert.ok(isPart(resting?.share), `still ${resting?.share}`);

    await client.request('queue.resume', { jobId: added.jobId });
    await untilQueue(client, (jobs) => jobs.length === 0);
    assert.equal((await card(added.videoId)).memories[0]?.frameCount, 400);
    assert.deepEqual((await client.request('queue.forecast', { paths: [long] })).files, [], 'all of it is in memory');
    const next = path.join(scratch, 'next.mp4');
    await makeVideo(next, { seconds: 10 });
    const { encodeSeconds } = await client.request('queue.forecast', { paths: [next] });
    assert.ok((encodeSeconds ?? 0) > 0);
  });

  test('the order is the user\'s, and a cancelled job can be had back', async () => {
    const { queue, library } = engine.service.workspace;
    const { videos } = await client.request('library.list', {});
    // Jobs of an owner that is alive elsewhere keep this queue waiting, so that its order stands still.
    const busy = library.jobs.add({ kind: 'encode', videoId: videos[0]?.id ?? '', data: { path: first, decoding: 'fast' } });
    library.jobs.claim('another machine:1');
    const ids = videos.slice(0, 3).map(({ id }) => library.jobs.add({ kind: 'encode', videoId: id, data: { path: first, decoding: 'fast' } }).id);
    const [one = '', two = '', three = ''] = ids;
    await client.request('queue.move', { jobId: three, beforeJobId: one });
    await client.request('queue.move', { jobId: one });
    assert.deepEqual(queue.list().map(({ id }) => id), [busy.id, three, two, one]);
    await client.request('queue.cancel', { jobId: two });
    assert.equal(queue.list().find(({ id }) => id === two)?.state, 'cancelled');
    await client.request('queue.resume', { jobId: two });
    assert.equal(queue.list().find(({ id }) => id === two)?.state, 'queued');
    for (const id of [...ids, busy.id]) await client.request('queue.remove', { jobId: id });
    assert.deepEqual((await client.request('queue.list', {})).jobs, []);
    await assert.rejects(client.request('queue.pause', { jobId: 'none' }), (error) => isLongtakeError(error, 'not-found'));
  });
});

suite('an encode that has failed', () => {
  test('is done by the same job when its video is added again, and leaves no other behind', async (context) => {
    const { queue } = engine.service.workspace;
    const again = path.join(scratch, 'again.mp4');
    await makeVideo(again, { seconds: 5 });
    const release = queue.hold();
    context.after(release); // also where it fails: the tests behind it would wait for ever
    const { results: [added] } = await client.request('queue.add', { paths: [again] });
    assert.ok(added?.outcome === 'queued');
    await client.request('queue.cancel', { jobId: added.jobId });
    leaveFailedJob(added.videoId, 'file-not-found');
    const { results: [more] } = await client.request('queue.add', { paths: [again] });
    assert.equal(more?.outcome === 'queued' ? more.jobId : undefined, added.jobId);
    assert.deepEqual(queue.list().map(({ id, state, error }) => [id, state, error]), [[added.jobId, 'queued', null]]);
    leaveFailedJob(added.videoId, 'disk-full');
    release();
    await untilQueue(client, (jobs) => jobs.length === 0);
    assert.equal((await card(added.videoId)).memories[0]?.state, 'complete');
    leaveFailedJob(added.videoId, 'disk-full');
    const { results: [known] } = await client.request('queue.add', { paths: [again] });
    assert.deepEqual([known?.outcome, queue.list()], ['in-memory', []]);
  });

  test('is tried again when the file that it lacked is found, and only then', async (context) => {
    const { queue } = engine.service.workspace;
    const { videos } = await client.request('library.list', {});
    const video = videos.find(({ title }) => title === 'a.mp4');
    assert.ok(video);
    const release = queue.hold();
    context.after(release); // also where it fails: the tests behind it would wait for ever
    const [full, missing] = [leaveFailedJob(video.id, 'disk-full'), leaveFailedJob(video.id, 'file-not-found')];
    await client.request('library.relink', { videoId: video.id, path: first });
    assert.deepEqual(queue.list().map(({ id, state }) => [id, state]).sort(), [[full, 'failed'], [missing, 'queued']].sort());
    release();
    await untilQueue(client, (jobs) => jobs.length === 0);
  });
});

suite('a video that is removed while it is encoded', () => {
  test('takes its job out of sight, where nothing goes on with it, and comes back with it', async () => {
    const film = path.join(scratch, 'removed.mp4');
    await makeVideo(film, { seconds: 300, framesPerSecond: 2, width: 96 });
    const { service: { handlers, workspace: { changes, library, queue } } } = engine;
    const removed = new AbortController();
    changes.listen(({ topic }) => {
      const job = topic === 'queue' ? queue.list().find(({ state, doneSeconds }) => state === 'running' && doneSeconds > 64) : undefined;
      if (job === undefined || removed.signal.aborted) return;
      removed.abort();
      void handlers['library.remove']({ videoId: job.videoId }, { signal: new AbortController().signal, onProgress: () => undefined });
    }, removed.signal);
    const { results: [added] } = await client.request('queue.add', { paths: [film] });
    assert.ok(added?.outcome === 'queued');
    // The encode may have come that far before it was said to be queued.
    if (!removed.signal.aborted) await new Promise((resolve) => { removed.signal.addEventListener('abort', resolve); });
    assert.deepEqual([queue.list(), library.jobs.get(added.jobId).state], [[], 'queued']);
    await assert.rejects(client.request('queue.resume', { jobId: added.jobId }), (error) => isLongtakeError(error, 'bad-argument') && error.message.includes('"removed.mp4" was removed'));
    assert.equal(library.jobs.claim('another machine:1'), undefined);
    await client.request('library.restore', { videoId: added.videoId });
    assert.deepEqual(queue.list().map(({ id, title }) => [id, title]), [[added.jobId, 'removed.mp4']]);
    await untilQueue(client, (some) => some.length === 0);
    assert.equal((await card(added.videoId)).memories[0]?.frameCount, 300);
  });
});

suite('the library', () => {
  test('a moved file is missed, another video is refused in its place, and its own is relinked', async () => {
    const { videos } = await client.request('library.list', {});
    const video = videos.find(({ title }) => title === 'b.mp4');
    assert.ok(video?.present);
    const moved = path.join(scratch, 'moved.mp4');
    renameSync(second, moved);
    assert.equal((await card(video.id)).present, false);
    await assert.rejects(client.request('library.relink', { videoId: video.id, path: first }), (error) => isLongtakeError(error, 'bad-argument'));
    await client.request('library.relink', { videoId: video.id, path: moved });
    const { present, path: found, file } = await card(video.id);
    assert.deepEqual([present, found, file?.width, file?.videoCodec], [true, moved, 128, 'h264']);
  });

  test('a removed video comes back with everything, and is gone for good when purged', async () => {
    const { videos } = await client.request('library.list', {});
    const [video] = videos;
    assert.ok(video);
    const gone = until<{ videos: { id: string }[] }>((onEvent, onError) => client.subscribe('library', {}, onEvent, { onError }), (event) => !event.videos.some(({ id }) => id === video.id));
    await client.request('library.remove', { videoId: video.id });
    await gone;
    await client.request('library.restore', { videoId: video.id });
    assert.deepEqual(await card(video.id), { ...await card(video.id), memories: video.memories });
    await assert.rejects(client.request('library.purge', { videoId: video.id }), (error) => isLongtakeError(error, 'bad-argument'));
    await client.request('library.remove', { videoId: video.id });
    assert.ok((await client.request('library.purge', { videoId: video.id })).byteLength > 0);
    await assert.rejects(card(video.id), (error) => isLongtakeError(error, 'not-found'));
  });
});

suite('longtake serve', () => {
  const home = path.join(scratch, 'served');
  const serve = async (environment: Record<string, string>): Promise<{ readonly child: ChildProcess; readonly client: EngineClient; readonly exit: Promise<number | null> }> => {
    const child = startCli(home, ['serve', '--json'], environment);
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (data: Buffer) => { resolve(data.toString()); });
      child.once('exit', (code) => { reject(new Error(`serve ended with ${code}`)); });
    });
    const address = new URL((JSON.parse(line) as { address: string }).address);
    return { child, exit, client: await connectTo(address.origin, address.searchParams.get('token') ?? '') };
  };

  test('it explains itself, and refuses an address that others could reach', async () => {
    assert.match((await runCli(home, ['serve', '--help'])).stdout, /Example:\n {2}longtake serve/);
    const refused = await runCli(home, ['serve', '--host', '0.0.0.0']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /ssh -L .*\[bad-argument\]/);
  });

  test('a killed engine goes on with its queue where its memory ends, and Ctrl-C stops cleanly', { timeout: 240_000, skip: process.platform === 'win32' && 'the ffmpeg that waits is a shell script' }, async () => {
    const { imageSize } = (await engine.service.workspace.host.spec()).vision;
    const { environment, release } = await makeWaitingFfmpeg(scratch, 100 * imageSize * imageSize * 3);
    const killed = await serve(environment);
    await killed.client.request('settings.change', { provider: 'cpu' });
    const { results: [added] } = await killed.client.request('queue.add', { paths: [long, first] });
    assert.ok(added?.outcome === 'queued');
    await untilQueue(killed.client, ([job]) => (job?.doneSeconds ?? 0) > 64);
    killed.child.kill('SIGKILL');
    await killed.exit;

    const next = await serve(environment);
    const { jobs } = await untilQueue(next.client, ([job]) => (job?.doneSeconds ?? 0) > 64);
    assert.deepEqual(jobs.map(({ title, state }) => [title, state]), [['long.mp4', 'running'], ['a.mp4', 'queued']]);
    release();
    await untilQueue(next.client, (some) => some.length === 0);
    const { videos } = await next.client.request('library.list', {});
    assert.deepEqual(videos.map(({ memories }) => [memories[0]?.state, memories[0]?.frameCount]).sort(), [['complete', 100], ['complete', 400]]);
    next.child.kill('SIGINT');
    assert.equal(await next.exit, 0);
  });
});
