import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isOurs, pathOfAddress } from '../../electron/main/addresses.ts';
import { serveApplication } from '../../electron/main/application-scheme.ts';
import { serveMedia } from '../../electron/main/media-scheme.ts';
import { LongtakeError } from '../../engine/protocol/errors.ts';
import { scratchDirectory } from '../support/scratch.ts';

const project = scratchDirectory('schemes');
const renderer = path.join(project, 'renderer');
mkdirSync(path.join(renderer, 'assets'), { recursive: true });
writeFileSync(path.join(renderer, 'index.html'), '<style nonce="__CSP_NONCE__"></style><meta nonce="__CSP_NONCE__">');
writeFileSync(path.join(renderer, 'assets', 'app.js'), 'export {};');
writeFileSync(path.join(renderer, 'assets', 'secret.pem'), 'no kind that a page has');
writeFileSync(path.join(project, 'outside.js'), 'outside');
const serve = serveApplication(renderer);

test('an address is ours by its parts, not by how it begins', () => {
  for (const address of ['app://longtake/', 'app://longtake/index.html?x#y', 'APP://longtake/']) assert.ok(isOurs(address), address);
  for (const address of ['app://longtake.evil/', 'app://longtake@evil/', 'app://me@longtake/', 'app://evil/longtake', 'app://longtake:80/', 'app:longtake', 'https://longtake/', 'file:///longtake', 'javascript:1', '']) {
    assert.ok(!isOurs(address), address);
  }
  assert.equal(pathOfAddress('media', 'media://longtake/video/7'), '/video/7');
  assert.equal(pathOfAddress('media', 'app://longtake/video/7'), undefined);
});

test('the page comes with a nonce of its own each time, which is the policy\'s', async () => {
  const nonces = await Promise.all(['app://longtake/', 'app://longtake/index.html'].map(async (address) => {
    const response = await serve(new Request(address));
    const nonce = /'nonce-([^']+)'/u.exec(response.headers.get('Content-Security-Policy') ?? '')?.[1];
    assert.ok(nonce !== undefined && nonce.length >= 22);
    assert.equal(await response.text(), `<style nonce="${nonce}"></style><meta nonce="${nonce}">`);
    return nonce;
  }));
  assert.equal(new Set(nonces).size, 2);
});

test('the policy allows nothing that is not named, and no inline or evaluated code', async () => {
  const policy = (await serve(new Request('app://longtake/'))).headers.get('Content-Security-Policy') ?? '';
  assert.match(policy, /^default-src 'none';/u);
  for (const forbidden of ['unsafe-inline', 'unsafe-eval', 'http:', 'https:', '*', 'file:']) assert.ok(!policy.includes(forbidden), forbidden);
  for (const directive of ["base-uri 'none'", "form-action 'none'", "frame-src 'none'", "object-src 'none'", "frame-ancestors 'none'"]) assert.ok(policy.includes(directive), directive);
});

test('files come with their type; what is outside, missing or of no kind that a page has is not there', async () => {
  const script = await serve(new Request('app://longtake/assets/app.js'));
  assert.deepEqual([script.status, script.headers.get('Content-Type'), script.headers.get('X-Content-Type-Options'), await script.text()],
    [200, 'text/javascript; charset=utf-8', 'nosniff', 'export {};']);
  for (const name of ['outside.js', '../outside.js', '%2e%2e/outside.js', '..%2foutside.js', '..%5coutside.js', 'assets/%2e%2e%2f%2e%2e%2foutside.js', 'assets/secret.pem', 'assets', 'nothing.js', '%00.js', '%zz']) {
    assert.equal((await serve(new Request(`app://longtake/${name}`))).status, 404, name);
  }
  assert.equal((await serve(new Request('app://other/index.html'))).status, 404);
  assert.equal((await serve(new Request('app://longtake/', { method: 'POST', body: 'x' }))).status, 405);
  assert.equal(await (await serve(new Request('app://longtake/', { method: 'HEAD' }))).text(), '');
});

test('an interface that is not built says how to build it', async () => {
  const response = await serveApplication(path.join(project, 'none'))(new Request('app://longtake/'));
  assert.equal(response.status, 404);
  assert.match(await response.text(), /npm start/u);
});

const bytes = new TextEncoder().encode('0123456789');
const asked: string[] = [];
const media = serveMedia({
  locate: (name) => {
    asked.push(name);
    return Promise.resolve(name === 'thumbnail/m/3' ? { kind: 'bytes', bytes, contentType: 'image/jpeg', caching: 'immutable' } : undefined);
  },
});

test('media answers with the bytes of the engine, whole or in parts', async () => {
  const whole = await media(new Request('media://longtake/thumbnail/m/3'));
  assert.deepEqual([whole.status, whole.headers.get('Content-Type'), await whole.text()], [200, 'image/jpeg', '0123456789']);
  const part = await media(new Request('media://longtake/thumbnail/m/3', { headers: { Range: 'bytes=2-4' } }));
  assert.deepEqual([part.status, part.headers.get('Content-Range'), await part.text()], [206, 'bytes 2-4/10', '234']);
});

test('media asks the engine only about names, and only for the app\'s own page', async () => {
  asked.length = 0;
  for (const address of ['media://other/thumbnail/m/3', 'media://longtake/', 'media://longtake/%2fetc%2fpasswd', 'media://longtake/thumbnail/m/3/4/5', 'media://longtake/Video/1']) {
    assert.equal((await media(new Request(address))).status, 404, address);
  }
  const foreign = Object.assign(new Request('media://longtake/thumbnail/m/3'), { initiatorOrigin: 'https://evil.example' });
  assert.equal((await media(foreign)).status, 403);
  assert.deepEqual(asked, []);
  const own = Object.assign(new Request('media://longtake/thumbnail/m/3'), { initiatorOrigin: 'app://longtake' });
  assert.equal((await media(own)).status, 200);
});

test('while the engine is started again, media says so instead of failing', async () => {
  const starting = serveMedia({ locate: () => Promise.reject(new LongtakeError('internal', 'The engine is being started.')) });
  const response = await starting(new Request('media://longtake/thumbnail/m/3'));
  assert.deepEqual([response.status, await response.text()], [503, 'The engine is being started.\n']);
});
