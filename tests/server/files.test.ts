import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { StreamEvent } from '../../engine/protocol/events.ts';
import { connectEngine } from '../../engine/protocol/envelope-client.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { openHome } from '../../engine/pipeline/home.ts';
import { safeFileName, sweepUploads } from '../../engine/pipeline/uploads.ts';
import { startEngineProcess } from '../../engine/server/engine-process.ts';
import { localShell } from '../../engine/server/local-shell.ts';
import { startWebHost } from '../../engine/server/web/host.ts';
import { openEngineService } from '../../engine/server/workspace.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { connectTo, startEngine, untilQueue, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('files');
const video = path.join(scratch, 'film.mp4');
let engine: TestEngine;

before(async () => {
  await makeVideo(video, { seconds: 10 });
  engine = await startEngine(path.join(scratch, 'home'));
});
after(async () => { await engine[Symbol.asyncDispose](); });

const put = async (name: string, body: Buffer, headers: Record<string, string> = {}): Promise<Response> => await fetch(`${engine.host.origin}/upload/${name}`, {
  method: 'PUT', body: new Uint8Array(body), headers: { authorization: `Bearer ${engine.host.token}`, ...headers },
});
const uploads = (): string[] => readdirSync(path.join(scratch, 'home', 'uploads'), { recursive: true, encoding: 'utf8' });

suite('the files of the engine\'s machine', () => {
  test('a folder shows folders, videos and memories with their sizes, and nothing hidden or of another kind', async () => {
    const folder = path.join(scratch, 'films');
    mkdirSync(path.join(folder, 'b folder'), { recursive: true });
    mkdirSync(path.join(folder, '.hidden'));
    for (const [name, text] of [['film 10.mkv', 'ten'], ['film 9.MP4', 'nine!'], ['old.longtake', 'm'], ['notes.txt', 'x'], ['.secret.mp4', 'x']] as const) writeFileSync(path.join(folder, name), text);
    symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'broken.mp4'));
    const { client } = engine;
    const { entries, parent, directory, left } = await client.request('files.list', { directory: folder });
    assert.deepEqual(entries.map(({ name, kind, byteLength }) => [name, kind, byteLength]),
      [['b folder', 'folder', 0], ['film 9.MP4', 'video', 5], ['film 10.mkv', 'video', 3], ['old.longtake', 'memory', 1]]);
    assert.deepEqual([directory, parent, left], [folder, scratch, 0]);
    const start = await client.request('files.list', {});
    assert.ok(start.shortcuts.some(({ kind, path: place }) => kind === 'home' && place === start.directory));
    assert.equal((await client.request('files.list', { directory: '/' })).parent, null);
    await assert.rejects(client.request('files.list', { directory: path.join(scratch, 'none') }), (error) => isLongtakeError(error, 'file-not-found'));
    await assert.rejects(client.request('files.list', { directory: video }), (error) => isLongtakeError(error, 'bad-argument'));
  });
});

suite('uploads', () => {
  test('a file arrives under its own name, becomes a video, and goes with it; a second copy is not kept', async () => {
    const { client } = engine;
    const arrive = async (): Promise<string> => {
      const response = await put(encodeURIComponent('Ferien 🎬 1.mp4'), readFileSync(video));
      assert.equal(response.status, 201);
      return (await response.json() as { path: string }).path;
    };
    const file = await arrive();
    assert.equal(path.basename(file), 'Ferien 🎬 1.mp4');
    assert.deepEqual(readFileSync(file), readFileSync(video));
    const { results: [added] } = await client.request('queue.add', { paths: [file] });
    assert.ok(added?.outcome === 'queued');
    await untilQueue(client, (jobs) => jobs.length === 0);
    const { results: [again] } = await client.request('queue.add', { paths: [await arrive()] });
    assert.deepEqual([again?.outcome, uploads().filter((name) => name.endsWith('.mp4')).length], ['in-memory', 1]);
    assert.ok((await client.request('storage.get', {})).uploadBytes >= readFileSync(video).length);
    await client.request('library.remove', { videoId: added.videoId });
    assert.equal((await client.request('storage.get', {})).removedVideos, 1);
    assert.ok(existsSync(file));
    await client.request('library.purge', { videoId: added.videoId });
    assert.deepEqual([uploads(), existsSync(video)], [[], true]);
  });

  test('subtitles lie beside their video, whatever that is called here, are shown with it and go with it; sent with a second copy they come to the first', async () => {
    const { client } = engine;
    const cue = Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nGood morning.\n');
    const pathOf = async (response: Response): Promise<string> => (await response.json() as { path: string }).path;
    const file = await pathOf(await put(encodeURIComponent('Which: one?.mp4'), readFileSync(video)));
    const besides = encodeURIComponent(file);
    const first = await put(`${encodeURIComponent('Which one.en.srt')}?beside=${besides}`, cue);
    assert.deepEqual([first.status, await pathOf(first)], [201, path.join(path.dirname(file), 'Which one.en.srt')]);
    const { results: [added] } = await client.request('queue.add', { paths: [file] });
    assert.ok(added?.outcome === 'queued');
    const tracks = async (): Promise<readonly (string | undefined)[]> => (await client.request('video.subtitles', { videoId: added.videoId })).tracks.map(({ language }) => language);
    assert.deepEqual(await tracks(), ['en']);
    await untilQueue(client, (jobs) => jobs.length === 0);
    const again = await pathOf(await put('again.mp4', readFileSync(video)));
    await put(`again.de.vtt?beside=${encodeURIComponent(again)}`, Buffer.from('WEBVTT\n\n00:01.000 --> 00:02.000\nGuten Morgen.\n'));
    await client.request('queue.add', { paths: [again] });
    assert.deepEqual([await tracks(), uploads().filter((name) => name.endsWith('.mp4')).length], [['de', 'en'], 1]);
    assert.equal((await put(`other.mp4?beside=${besides}`, cue)).status, 400, 'only subtitles');
    for (const elsewhere of [video, path.join(path.dirname(file), '..', '..', 'library.sqlite'), path.join(scratch, 'home', 'uploads', 'none', 'film.mp4')]) {
      assert.equal((await put(`film.srt?beside=${encodeURIComponent(elsewhere)}`, cue)).status, 400, elsewhere);
    }
    await client.request('library.remove', { videoId: added.videoId });
    await client.request('library.purge', { videoId: added.videoId });
    assert.deepEqual([uploads(), existsSync(path.join(scratch, 'film.srt'))], [[], false]);
  });

  test('what cannot be used is refused and not kept', async () => {
    const text = await (await put('text.mp4', Buffer.from('no film'))).json() as { path: string };
    const { results: [refused] } = await engine.client.request('queue.add', { paths: [text.path] });
    assert.equal(refused?.outcome === 'refused' ? refused.error.code : '', 'not-a-video');
    const outside = await (await put('..%2F..%2Fpasswd.mp4', Buffer.from('x'))).json() as { path: string };
    assert.ok(outside.path.startsWith(path.join(scratch, 'home', 'uploads') + path.sep) && path.basename(outside.path) === 'passwd.mp4', outside.path);
    assert.equal((await put('..', Buffer.from('x'))).status, 405, 'no name at all: the address is another one');
    assert.equal((await put('%20', Buffer.from('x'))).status, 400);
    assert.equal((await put('%ff', Buffer.from('x'))).status, 400);
    assert.equal((await put('a.mp4', Buffer.from('x'), { origin: 'http://evil.example' })).status, 403);
    assert.equal((await put('a.mp4', Buffer.from('x'), { authorization: 'Bearer wrong' })).status, 401);
    const letter = await (await put('letter.longtake', Buffer.from('This is a letter, not a memory.'))).json() as { path: string };
    await assert.rejects(engine.client.request('archive.import', { file: letter.path }), (error) => isLongtakeError(error, 'memory-invalid') && error.message.includes('is no Longtake memory'));
    await engine.client.request('queue.add', { paths: [outside.path] });
    assert.deepEqual(uploads(), []);
  });

  test('a length that the disk cannot take is refused before the first byte, and an aborted upload leaves nothing', async () => {
    const begin = (byteLength: number, body: string): Promise<{ status: number; text: string } | undefined> => new Promise((resolve) => {
      const request = httpRequest(`${engine.host.origin}/upload/big.mp4`, { method: 'PUT', headers: { authorization: `Bearer ${engine.host.token}`, 'content-length': byteLength } }, (response) => {
        let text = '';
        response.on('data', (part: Buffer) => { text += part.toString(); });
        response.on('end', () => { resolve({ status: response.statusCode ?? 0, text }); });
      });
      request.on('error', () => { resolve(undefined); });
      request.write(body);
      if (body !== '') setTimeout(() => request.destroy(), 100);
      else request.flushHeaders();
    });
    const refused = await begin(8e15, '');
    assert.equal(refused?.status, 507);
    assert.match(refused.text, /free\. Make room/);
    await begin(1e6, 'the first bytes');
    while (uploads().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test('what was sent and never used goes after a day; what a video needs stays', async () => {
    const home = openHome(path.join(scratch, 'swept'));
    const old = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    const make = (name: string, time: Date): string => {
      const file = path.join(home.uploadsDirectory, name, 'film.mp4');
      mkdirSync(path.dirname(file));
      writeFileSync(file, 'x');
      utimesSync(file, time, time);
      return file;
    };
    const used = make('used', old);
    make('forgotten', old);
    make('fresh', new Date());
    await sweepUploads(home, new Set([used]));
    assert.deepEqual(readdirSync(home.uploadsDirectory).sort(), ['fresh', 'used']);
    assert.equal(safeFileName('a/b\\c: "d"?.mp4 .'), 'c d.mp4');
    assert.ok(safeFileName(`${'x'.repeat(500)}.mp4`).endsWith('x.mp4'));
  });
});

test('the library moves to another folder with what came through a browser, and the engine goes on there', { timeout: 240_000 }, async () => {
  const [start, to] = [path.join(scratch, 'moving'), path.join(scratch, 'moved here')];
  await using supervised = startEngineProcess({ environment: { LONGTAKE_HOME: start } });
  await using host = await startWebHost(supervised);
  const client = await connectTo(host.origin, host.token);
  await client.request('settings.change', { provider: 'cpu' });
  const uploaded = path.join(start, 'uploads', 'ab12', 'film.mp4');
  mkdirSync(path.dirname(uploaded));
  writeFileSync(uploaded, readFileSync(video));
  const { results: [added] } = await client.request('queue.add', { paths: [uploaded] });
  assert.ok(added?.outcome === 'queued');
  const running = client.request('library.move', { directory: to });
  await assert.rejects(running, (error) => isLongtakeError(error, 'library-busy'));
  await untilQueue(client, (jobs) => jobs.length === 0);
  const shares: number[] = [];
  const told: StreamEvent<'move'>['moving'][] = [];
  const other = await connectTo(host.origin, host.token);
  other.subscribe('move', {}, ({ moving }) => { told.push(moving); });
  const moved = await client.request('library.move', { directory: to }, { onProgress: ({ done, total }) => { shares.push(done / (total ?? 1)); } });
  assert.deepEqual([moved.from, moved.to, shares.length > 3], [start, to, true]);
  await new Promise((resolve) => { const stop = supervised.onState((state) => { if (state === 'running') { stop(); resolve(undefined); } }); });
  assert.deepEqual([told[0], told.at(-1)], [null, { stage: 'open', share: null }], 'another window hears of it');
  const again = await connectTo(host.origin, host.token);
  assert.equal((await again.request('app.info', {})).home, to);
  const card = await again.request('library.get', { videoId: added.videoId });
  assert.deepEqual([card.present, card.path, card.memories[0]?.state], [true, path.join(to, 'uploads', 'ab12', 'film.mp4'), 'complete']);
  assert.deepEqual(readdirSync(start).filter((name) => name !== 'host.json'), ['location.json']);
});

test('what is asked while the library is closed, to be opened in its new place, is not answered with that: it is for the next engine', async () => {
  const [start, to] = [path.join(scratch, 'closing'), path.join(scratch, 'closed here')];
  const before = process.env['LONGTAKE_HOME'];
  process.env['LONGTAKE_HOME'] = start;
  try {
    const restarted = Promise.withResolvers<undefined>();
    await using service = await openEngineService({ onRestart: () => { restarted.resolve(undefined); } });
    const transport = localShell(service).connect();
    const client = connectEngine(transport);
    await client.ready;
    await client.request('library.move', { directory: to });
    assert.ok(existsSync(path.join(to, 'models', 'demo-float32', 'decoder.onnx')), 'the package of the model in use is made first: half of one would not be copied whole');
    await restarted.promise;
    const asked = client.request('library.list', {});
    const ended = assert.rejects(asked, (error) => isLongtakeError(error, 'connection-lost'));
    await client.request('files.list', { directory: to }); // an answer to the one before would have come by now
    transport.close();
    await ended;
  } finally {
    if (before === undefined) delete process.env['LONGTAKE_HOME'];
    else process.env['LONGTAKE_HOME'] = before;
  }
});
