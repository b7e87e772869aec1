import assert from 'node:assert/strict';
import { mkdirSync, openSync, closeSync, ftruncateSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { WebSocket } from 'ws';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { fingerprintVideo } from '../../engine/media/index.ts';
import { answerMedia } from '../../engine/server/media-response.ts';
import { localShell } from '../../engine/server/local-shell.ts';
import { startWebHost } from '../../engine/server/web/host.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { startEngine, type TestEngine } from './support/engine.ts';

const scratch = scratchDirectory('web-host');
const renderer = path.join(scratch, 'renderer');
const gibibyte = 1024 ** 3;
const byteLength = Math.floor(4.5 * gibibyte);
const markerAt = byteLength - 10;
const file = path.join(scratch, 'five hours 🎬.mp4');
let engine: TestEngine;
let mediaPath: string;

type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** Unlike fetch, sends exactly the path and headers that it is given. */
function send(target: string, headers: Record<string, string> = {}, { method = 'GET', token = engine.host.token }: { method?: string; token?: string } = {}): Promise<Reply> {
  const { port } = new URL(engine.host.origin);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path: target, method, headers: { ...(token !== '' && { authorization: `Bearer ${token}` }), ...headers } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }); });
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end();
  });
}

/** The status that a socket is refused with, or 101. */
function openSocket(headers: Record<string, string>, target = '/socket'): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${engine.host.origin.replace('http', 'ws')}${target}`, { headers });
    socket.on('open', () => { resolve(101); socket.terminate(); });
    socket.on('unexpected-response', (_request, response) => { resolve(response.statusCode ?? 0); socket.terminate(); });
    socket.on('error', reject);
  });
}

before(async () => {
  mkdirSync(path.join(renderer, 'assets'), { recursive: true });
  writeFileSync(path.join(renderer, 'index.html'), '<!doctype html><title>renderer</title><meta property="csp-nonce" nonce="__CSP_NONCE__">');
  writeFileSync(path.join(renderer, 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(path.join(scratch, 'secret.json'), '{"secret": true}');
  symlinkSync(path.join(scratch, 'secret.json'), path.join(renderer, 'link.json'));
  const handle = openSync(file, 'w');
  ftruncateSync(handle, byteLength);
  writeSync(handle, 'the end!!!', markerAt);
  closeSync(handle);
  engine = await startEngine(path.join(scratch, 'home'), { rendererDirectory: renderer });
  const video = engine.service.workspace.library.videos.upsert({ fingerprint: await fingerprintVideo(file), path: file, title: 'five hours' });
  mediaPath = `/media/video/${video.id}`;
});
after(async () => { await engine[Symbol.asyncDispose](); });

suite('who may speak to the web host', () => {
  test('nothing is served without the token, or with a wrong one', async () => {
    for (const target of ['/', '/assets/app-1a2b.js', mediaPath, '/nothing']) {
      assert.equal((await send(target, {}, { token: '' })).status, 401, target);
      assert.equal((await send(target, {}, { token: `${engine.host.token.slice(0, -1)}_` })).status, 401, target);
    }
    assert.equal((await send('/?token=wrong', {}, { token: '' })).status, 401);
    assert.equal((await send(`/?token=${engine.host.token}`, {}, { token: '', method: 'POST' })).status, 401);
  });

  test('a person who comes without it gets a page that says what to do, in both languages, and nothing of the library', async () => {
    for (const target of ['/', '/?token=wrong']) {
      const { status, headers, body } = await send(target, { accept: 'text/html,application/xhtml+xml' }, { token: '' });
      assert.equal(status, 401);
      assert.match(headers['content-type'] ?? '', /^text\/html/u);
      const nonce = /style-src 'self' 'nonce-([^']+)'/u.exec(String(headers['content-security-policy']))?.[1];
      assert.ok(nonce !== undefined && body.toString().includes(`<style nonce="${nonce}">`), 'its style passes its own policy');
      assert.match(body.toString(), /Open the address that Longtake has printed[^]*请打开 Longtake 显示的地址/u);
      assert.doesNotMatch(body.toString(), /five hours|<script/u);
    }
  });

  test('the printed address sets a cookie that scripts cannot read, and takes the token out of the address', async () => {
    const welcome = await send(new URL(engine.host.address).pathname + new URL(engine.host.address).search, {}, { token: '' });
    assert.equal(welcome.status, 303);
    assert.equal(welcome.headers.location, '/');
    const [cookie = ''] = welcome.headers['set-cookie'] ?? [];
    assert.match(cookie, /; HttpOnly; SameSite=Strict$/);
    const page = await send('/', { cookie: cookie.split(';')[0] ?? '' }, { token: '' });
    assert.equal(page.status, 200);
    assert.match(page.body.toString(), /renderer/);
    const followed = await send(`/?token=${engine.host.token}`, { 'sec-fetch-site': 'cross-site' }, { token: '' });
    assert.deepEqual([followed.status, followed.headers['refresh']], [200, '0; url=/'], 'a redirect would lose the strict cookie');
  });

  test('a name that is pointed at this machine from outside is refused', async () => {
    for (const host of ['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.0.2', '[::2]:80']) {
      assert.equal((await send('/', { host })).status, 403, host);
    }
    for (const host of ['localhost:9999', '127.0.0.1:1', '[::1]:8080']) assert.equal((await send('/', { host })).status, 200, host);
  });

  test('a page of another origin is refused, its sockets too', async () => {
    const { origin, token } = engine.host;
    assert.equal((await send('/', { origin: 'http://evil.example' })).status, 403);
    assert.equal((await send('/', { origin: 'null' })).status, 403);
    assert.equal((await send(mediaPath, { 'sec-fetch-site': 'same-site' })).status, 403);
    assert.equal((await send('/', { origin })).status, 200);
    const authorization = `Bearer ${token}`;
    assert.equal(await openSocket({ authorization, origin }), 101);
    assert.equal(await openSocket({ authorization, origin: 'http://evil.example' }), 403);
    assert.equal(await openSocket({ authorization, origin: origin.replace('http', 'https') }), 403);
    assert.equal(await openSocket({ authorization, host: 'evil.example' }), 403);
    assert.equal(await openSocket({ origin }), 401);
    assert.equal(await openSocket({ authorization: 'Bearer wrong', origin }), 401);
    assert.equal(await openSocket({ origin }, `/socket?token=${token}`), 401);
    assert.equal(await openSocket({ authorization, origin }, '/elsewhere'), 403);
  });

  test('it listens on the loopback only', async () => {
    await assert.rejects(startWebHost(localShell(engine.service), { host: '0.0.0.0' }), (error) => isLongtakeError(error, 'bad-argument') && /ssh -L/.test(error.message));
    const { port } = new URL(engine.host.origin);
    await assert.rejects(startWebHost(localShell(engine.service), { port: Number(port) }), (error) => isLongtakeError(error, 'bad-argument') && /cannot be used/.test(error.message));
  });

  test('a token of one\'s own opens it, and one that could be guessed is refused', async () => {
    const token = 'of-my-own.0123456789';
    await using host = await startWebHost(localShell(engine.service), { token });
    const status = async (given: string): Promise<number> => (await fetch(`${host.origin}/visit`, { headers: { authorization: `Bearer ${given}` } })).status;
    assert.deepEqual([await status(token), await status(engine.host.token)], [200, 401]);
    for (const bad of ['', 'secret', 'a token with spaces in it', 'x'.repeat(501)]) {
      await assert.rejects(startWebHost(localShell(engine.service), { token: bad }), (error) => isLongtakeError(error, 'bad-argument') && /16 to 500/u.test(error.message), bad);
    }
  });

  test('a message that is too long, or is none, ends its connection and nothing else', async () => {
    const { origin, token } = engine.host;
    const code = async (message: string): Promise<number> => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers: { authorization: `Bearer ${token}` } });
      socket.on('open', () => { socket.send(message); });
      socket.on('error', () => undefined);
      return await new Promise((resolve) => socket.on('close', resolve));
    };
    assert.equal(await code('x'.repeat(1024 * 1024 + 1)), 1009);
    assert.equal(await code('{"type":"hello"'), 1005);
    assert.equal((await engine.client.request('app.info', {})).processId, process.pid);
  });
});

suite('pages', () => {
  test('every answer forbids what is not needed', async () => {
    for (const reply of [await send('/'), await send('/', {}, { token: '' }), await send('/nothing'), await send(mediaPath, { range: 'bytes=0-0' })]) {
      assert.match(String(reply.headers['content-security-policy']), /^default-src 'none'; script-src 'self'; style-src 'self'( 'nonce-[\w+/=]{24}')?; img-src/);
      assert.doesNotMatch(String(reply.headers['content-security-policy']), /unsafe|https?:|\*/);
      assert.equal(reply.headers['x-content-type-options'], 'nosniff');
      assert.equal(reply.headers['referrer-policy'], 'no-referrer');
      assert.equal(reply.headers['cross-origin-resource-policy'], 'same-origin');
    }
  });

  test('every answer of the page has a nonce of its own, in its policy and in its text', async () => {
    const nonces = await Promise.all(['/', '/index.html', '/'].map(async (target) => {
      const { headers, body } = await send(target);
      const [, nonce = ''] = /'nonce-([^']+)'/.exec(String(headers['content-security-policy'])) ?? [];
      assert.ok(nonce.length > 20 && body.toString().includes(`nonce="${nonce}"`));
      assert.equal(headers['cache-control'], 'no-store');
      return nonce;
    }));
    assert.equal(new Set(nonces).size, 3);
  });

  test('paths do not lead out of the renderer\'s folder', async () => {
    assert.equal((await send('/assets/app-1a2b.js')).headers['content-type'], 'text/javascript; charset=utf-8');
    for (const target of ['/../secret.json', '/..%2fsecret.json', '/%2e%2e/secret.json', '/assets/..%2f..%2fsecret.json', '/link.json', '/..%5csecret.json', '/%00', '/%zz', '/assets', '/media/..%2f..%2fsecret.json', `/media/${encodeURIComponent(path.join(scratch, 'secret.json'))}`]) {
      const { status, body } = await send(target);
      assert.equal(status, 404, target);
      assert.doesNotMatch(body.toString(), /secret/, target);
    }
  });

  test('only GET and HEAD', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await send('/', {}, { method });
      assert.deepEqual([status, headers.allow], [405, 'GET, HEAD']);
    }
  });

  test('a checkout without a built interface says so, and how to go on', async () => {
    await using host = await startWebHost(localShell(engine.service), { rendererDirectory: path.join(scratch, 'not built') });
    const response = await fetch(host.origin, { headers: { authorization: `Bearer ${host.token}` } });
    assert.equal(response.status, 200);
    assert.match(await response.text(), /not built in this checkout/);
  });
});

suite('a film of more than 4 GiB', () => {
  test('is read in parts, beyond the fourth gibibyte too', async () => {
    const part = await send(mediaPath, { range: `bytes=${markerAt}-${markerAt + 3}` });
    assert.equal(part.status, 206);
    assert.equal(part.headers['content-range'], `bytes ${markerAt}-${markerAt + 3}/${byteLength}`);
    assert.equal(part.body.toString(), 'the ');
    assert.equal(part.headers['content-type'], 'video/mp4');
    assert.equal((await send(mediaPath, { range: `bytes=${markerAt}-` })).body.toString(), 'the end!!!');
    assert.equal((await send(mediaPath, { range: 'bytes=-6' })).body.toString(), 'end!!!');
    assert.equal((await send(mediaPath, { range: `bytes=${markerAt}-999999999999` })).body.toString(), 'the end!!!');
  });

  test('HEAD says how long it is and sends nothing', async () => {
    const { status, headers, body } = await send(mediaPath, {}, { method: 'HEAD' });
    assert.equal(status, 200);
    assert.deepEqual([headers['content-length'], headers['accept-ranges'], body.length], [String(byteLength), 'bytes', 0]);
    const part = await send(mediaPath, { range: 'bytes=0-99' }, { method: 'HEAD' });
    assert.deepEqual([part.status, part.headers['content-length'], part.body.length], [206, '100', 0]);
  });

  test('a part that is not there is 416 with the length', async () => {
    for (const range of [`bytes=${byteLength}-`, `bytes=${byteLength + 5}-${byteLength + 9}`, 'bytes=-0']) {
      const { status, headers } = await send(mediaPath, { range });
      assert.deepEqual([status, headers['content-range']], [416, `bytes */${byteLength}`], range);
    }
  });

  test('a part of an older version of the file is not given as one of this', async () => {
    const { headers } = await send(mediaPath, {}, { method: 'HEAD' });
    assert.equal((await send(mediaPath, { range: 'bytes=-6', 'if-range': String(headers.etag) })).status, 206);
    assert.equal((await send(mediaPath, { range: 'bytes=-6', 'if-range': '"older"' }, { method: 'HEAD' })).status, 200);
    assert.equal((await send(mediaPath, { 'if-none-match': String(headers.etag) })).status, 304);
  });

  test('is read in the same parts through what every shell answers with', async () => {
    const resource = { kind: 'file', path: file, contentType: 'video/mp4', caching: 'no-cache' } as const;
    const answer = async (method: string, headers: Record<string, string>): Promise<[number, string | undefined, string | undefined, string]> => {
      const { status, headers: sent, body } = await answerMedia({ method, headers }, resource);
      return [status, sent['Content-Range'], sent['Content-Length'], body === undefined ? '' : Buffer.concat(await Array.fromAsync(body instanceof Uint8Array ? [body] : body)).toString()];
    };
    assert.deepEqual(await answer('GET', { range: `bytes=${markerAt}-` }), [206, `bytes ${markerAt}-${byteLength - 1}/${byteLength}`, '10', 'the end!!!']);
    assert.deepEqual(await answer('GET', { range: `bytes=${markerAt + 4}-${markerAt + 6}` }), [206, `bytes ${markerAt + 4}-${markerAt + 6}/${byteLength}`, '3', 'end']);
    assert.deepEqual(await answer('HEAD', {}), [200, undefined, String(byteLength), '']);
    assert.deepEqual((await answer('GET', { range: `bytes=${byteLength}-` })).slice(0, 2), [416, `bytes */${byteLength}`]);
    assert.equal((await answer('PUT', {}))[0], 405);
    const picture = await answerMedia({ method: 'GET', headers: { range: 'bytes=1-2' } }, { kind: 'bytes', bytes: Buffer.from('abcd'), contentType: 'image/jpeg', caching: 'immutable' });
    assert.deepEqual([picture.status, picture.headers['Content-Range'], Buffer.from(picture.body as Uint8Array).toString()], [206, 'bytes 1-2/4', 'bc']);
    assert.equal((await answerMedia({ method: 'GET', headers: {} }, undefined)).status, 404);
  });

  test('an unknown video and a vanished file are 404', async () => {
    assert.equal((await send('/media/video/none')).status, 404);
    assert.equal((await send('/media/thumbnail/none/0')).status, 404);
    const gone = path.join(scratch, 'gone.mp4');
    writeFileSync(gone, 'a film');
    const video = engine.service.workspace.library.videos.upsert({ fingerprint: await fingerprintVideo(gone), path: gone, title: 'gone' });
    assert.equal((await send(`/media/video/${video.id}`)).status, 200);
    rmSync(gone);
    assert.equal((await send(`/media/video/${video.id}`)).status, 404);
  });
});
