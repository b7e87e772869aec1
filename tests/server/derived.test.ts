import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { findMediaTools } from '../../engine/media/index.ts';
import { SharedWork } from '../../engine/server/shared-work.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { startEngine, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('derived');
const video = path.join(scratch, 'stream.ts');
const subtitle = '1\n00:00:02,000 --> 00:00:03,000\nA zeppelin lands.\n\n2\n00:00:05,500 --> 00:00:06,000\nIt leaves again.\n';
let engine: TestEngine;
let client: EngineClient;
let videoId: string;

before(async () => {
  const { ffmpeg } = await findMediaTools();
  const { status, stderr } = spawnSync(ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10:duration=30', '-f', 'lavfi', '-i', 'sine=frequency=300:duration=30',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', video], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  writeFileSync(path.join(scratch, 'stream.en.srt'), subtitle);
  engine = await startEngine(path.join(scratch, 'home'));
  client = engine.client;
  // What is looked at here is there before anything is encoded.
  engine.service.workspace.queue.hold();
  const { results: [added] } = await client.request('queue.add', { paths: [video] });
  assert.ok(added?.outcome === 'queued');
  videoId = added.videoId;
});
after(async () => { await engine[Symbol.asyncDispose](); });

const media = async (resource: string, headers: Record<string, string> = {}): Promise<Response> =>
  await fetch(`${engine.host.origin}/media/${resource}`, { headers: { authorization: `Bearer ${engine.host.token}`, ...headers } });
const file = async (): Promise<NonNullable<Awaited<ReturnType<typeof client.request<'library.get'>>>['file']>> => {
  const found = (await client.request('library.get', { videoId })).file;
  assert.ok(found !== null);
  return found;
};

suite('before a video is encoded', () => {
  test('it has a poster, made once', async () => {
    const [first, second] = await Promise.all([media(`poster/${videoId}`), media(`poster/${videoId}`)]);
    assert.deepEqual([first.status, first.headers.get('content-type')], [200, 'image/jpeg']);
    assert.deepEqual(Buffer.from(await first.arrayBuffer()), Buffer.from(await second.arrayBuffer()));
    assert.equal((await media(`poster/${videoId}`, { 'if-none-match': first.headers.get('etag') ?? '' })).status, 304);
    assert.equal((await media('poster/none')).status, 404);
    assert.equal((await media(`poster/${videoId}/1`)).status, 404);
  });

  test('its subtitles are there, are found by the search, and follow the files beside it', async () => {
    const { tracks } = await client.request('video.subtitles', { videoId });
    assert.deepEqual(tracks.map(({ source, language, cues }) => [source, language, cues.map(({ startSeconds }) => startSeconds)]), [['sidecar', 'en', [2, 5.5]]]);
    const { hits: [hit] } = await client.request('search.all', { query: 'zeppelin' });
    assert.deepEqual([hit?.kind, hit?.videoId, hit?.startSeconds, hit?.title, hit?.matches.length], ['subtitle', videoId, 2, 'stream.ts', 1]);
    writeFileSync(path.join(scratch, 'stream.en.srt'), subtitle.replace('zeppelin', 'balloon'));
    assert.equal((await client.request('video.subtitles', { videoId })).tracks[0]?.cues[0]?.text, 'A balloon lands.');
    assert.deepEqual((await client.request('search.all', { query: 'zeppelin' })).hits, []);
    assert.equal((await client.request('search.all', { query: 'balloon' })).hits.length, 1);
  });

  test('its waveform is made once, and kept', async () => {
    const shares: number[] = [];
    const { waveform } = await client.request('waveform.get', { videoId }, { onProgress: ({ stage, done, total }) => { assert.equal(stage, 'waveform'); shares.push(done / (total ?? 1)); } });
    const peaks = Buffer.from(waveform?.peaksBase64 ?? '', 'base64');
    assert.ok(Math.abs(peaks.length - 300) <= 2 && (peaks[100] ?? 0) > 60, `${peaks.length} ${peaks[100]}`);
    assert.ok(shares.length > 0);
    const moved = `${video}.away`;
    renameSync(video, moved);
    assert.deepEqual((await client.request('waveform.get', { videoId })).waveform, waveform);
    renameSync(moved, video);
  });

  test('what the player cannot open gets a copy that it can; stopped, it leaves nothing', async () => {
    assert.deepEqual([(await file()).playable, (await file()).proxyByteLength], ['needs-proxy', null]);
    assert.match((await file()).playableReason ?? '', /"mpegts"/);
    assert.equal((await media(`proxy/${videoId}`)).status, 404);
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(client.request('proxy.make', { videoId }, { signal: controller.signal }), (error) => isLongtakeError(error, 'cancelled'));
    const [one, other] = await Promise.all([client.request('proxy.make', { videoId }), client.request('proxy.make', { videoId })]);
    assert.deepEqual(one, other);
    assert.deepEqual([(await file()).playable, (await file()).proxyByteLength], ['proxy', one.byteLength]);
    const part = await media(`proxy/${videoId}`, { range: 'bytes=4-7' });
    assert.deepEqual([part.status, await part.text(), part.headers.get('content-type')], [206, 'ftyp', 'video/mp4']);
    assert.equal((await client.request('storage.get', {})).proxyBytes, one.byteLength);
    await client.request('proxy.remove', { videoId });
    assert.equal((await file()).playable, 'needs-proxy');
  });
});

test('what was made of a video goes with it, and a vanished file is said', async () => {
  await client.request('proxy.make', { videoId });
  const moved = `${video}.away`;
  renameSync(video, moved);
  rmSync(path.join(scratch, 'home', 'derived', videoId, 'waveform.json'));
  await assert.rejects(client.request('waveform.get', { videoId }), (error) => isLongtakeError(error, 'file-not-found'));
  renameSync(moved, video);
  await client.request('library.remove', { videoId });
  await client.request('library.purge', { videoId });
  assert.deepEqual([readdirSync(path.join(scratch, 'home', 'derived')), readdirSync(path.join(scratch, 'home', 'proxies')), existsSync(video)], [[], [], true]);
  assert.ok(readFileSync(video).length > 0);
});

test('shared work runs once, tells everybody, and ends when the last one leaves', async () => {
  const work = new SharedWork<number>();
  const [first, second] = [new AbortController(), new AbortController()];
  let runs = 0;
  let stopped = false;
  const heard: string[] = [];
  const begin = (name: string, signal?: AbortSignal): Promise<number> => work.join('key', { signal, onProgress: () => { heard.push(name); } }, async (options) => {
    runs++;
    await Promise.resolve();
    options.onProgress?.({ stage: 'proxy', done: 1 });
    return await new Promise<number>((_, reject) => { options.signal?.addEventListener('abort', () => { stopped = true; reject(new Error('stopped')); }); });
  });
  const results = [begin('one', first.signal), begin('two', second.signal)];
  await new Promise((resolve) => setImmediate(resolve));
  first.abort();
  await assert.rejects(results[0] ?? Promise.resolve(), (error) => isLongtakeError(error, 'cancelled'));
  assert.deepEqual([runs, stopped, heard, work.size], [1, false, ['one', 'two'], 1]);
  second.abort();
  await assert.rejects(results[1] ?? Promise.resolve(), (error) => isLongtakeError(error, 'cancelled'));
  assert.deepEqual([stopped, work.size], [true, 0]);
});
