import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { openElectronApp, type ElectronApp } from './double/electron-app.ts';
import { buildShellWithPage } from './double/shell-fixture.ts';
import { until } from './double/until.ts';

const project = scratchDirectory('media-shell');
const home = scratchDirectory('media-home');
const file = path.join(project, 'film.mp4');
/** Over 4 GiB, most of it a hole: where a number of 32 bits would begin again. */
const byteLength = 5 * 1024 ** 3;
let browser: Browser;
let app: ElectronApp;
let videoId: string;

before(async () => {
  const [launched, output] = await Promise.all([
    launchChromium(), buildShellWithPage(project, path.join(import.meta.dirname, 'double', 'page.js')), makeVideo(file, { seconds: 600, framesPerSecond: 2 }),
  ]);
  browser = launched;
  truncateSync(file, byteLength);
  app = await openElectronApp({ browser, output, home });
  await until(app.page, 'window.hello');
  const { results: [added] } = await app.page.evaluate<{ results: { videoId: string; jobId: string }[] }>(`window.request("queue.add", { paths: [${JSON.stringify(file)}] })`);
  assert.ok(added);
  videoId = added.videoId;
  await app.page.evaluate(`window.request("queue.remove", { jobId: "${added.jobId}" })`);
});
after(async () => {
  await app[Symbol.asyncDispose]();
  await browser.close();
});

const ask = async (resource: string, init: object = {}): Promise<{ status: number; headers: Record<string, string>; text: string }> => await app.page.evaluate(`
  fetch("http://media.longtake.localhost/${resource}", ${JSON.stringify(init)}).then(async (response) => ({
    status: response.status, headers: Object.fromEntries(response.headers), text: response.status === 206 || response.status >= 400 ? await response.text() : "" }))`);

test('a player seeks in a film of 5 GiB: it asks for a part and shows the time that was meant', async () => {
  const statuses: number[] = [];
  app.page.on('response', (response) => { if (response.url().includes('/video/')) statuses.push(response.status()); });
  await app.page.evaluate(`{ const film = document.getElementById("film"); film.muted = true; film.src = "http://media.longtake.localhost/video/${videoId}"; }`);
  assert.equal(Math.round(await until<number>(app.page, 'document.getElementById("film").duration || 0')), 600);
  await app.page.evaluate('document.getElementById("film").currentTime = 555');
  await until(app.page, '!document.getElementById("film").seeking && document.getElementById("film").readyState >= 2');
  assert.equal(await app.page.evaluate('document.getElementById("film").currentTime'), 555);
  assert.ok(statuses.length > 0 && statuses.every((status) => status === 206), statuses.join());
  await app.page.evaluate('{ const film = document.getElementById("film"); film.removeAttribute("src"); film.load(); }');
});

test('parts, headers and refusals of that file of 5 GiB', async () => {
  const last = await ask(`video/${videoId}`, { headers: { Range: `bytes=${byteLength - 4}-` } });
  assert.deepEqual([last.status, last.headers['content-range'], last.text.length], [206, `bytes ${byteLength - 4}-${byteLength - 1}/${byteLength}`, 4]);
  const past = await ask(`video/${videoId}`, { headers: { Range: `bytes=${byteLength}-` } });
  assert.deepEqual([past.status, past.headers['content-range']], [416, `bytes */${byteLength}`]);
  const head = await ask(`video/${videoId}`, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers['content-length'], head.headers['accept-ranges'], head.headers['content-type']], [200, String(byteLength), 'bytes', 'video/mp4']);
  assert.equal((await ask(`video/${videoId}`, { method: 'POST' })).status, 405);
});

test('an unknown name, and a path instead of a name, are nothing', async () => {
  for (const resource of ['video/nobody', 'video/..%2f..%2fetc%2fpasswd', 'etc/passwd', `video/${videoId}/../../x`, '']) {
    assert.equal((await ask(resource)).status, 404, resource);
  }
});
