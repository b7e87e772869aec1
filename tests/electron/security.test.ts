/** Electron's security checklist, by its numbers; docs/packaging.md says where each point holds. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { channels } from '../../electron/shell-channel.ts';
import { launchChromium } from '../support/chromium.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { openElectronApp, type ElectronApp } from './double/electron-app.ts';
import { buildShellWithPage } from './double/shell-fixture.ts';
import { eventually, until } from './double/until.ts';

const project = scratchDirectory('security-shell');
const home = scratchDirectory('security-home');
let browser: Browser;
let output: string;
let app: ElectronApp;
before(async () => {
  [browser, output] = await Promise.all([launchChromium(), buildShellWithPage(project, path.join(import.meta.dirname, 'double', 'page.js'))]);
  app = await openElectronApp({ browser, output, home });
  await until(app.page, 'window.ready');
});
after(async () => {
  await app[Symbol.asyncDispose]();
  await browser.close();
});

const outside = ['https://example.com/', 'http://127.0.0.1:1/', 'file:///etc/passwd', 'app://longtake.evil/', 'app://longtake@evil/', 'data:text/html,x', 'javascript:alert(1)', 'media://longtake/video/1'];

test('1, 7, 18: the window shows the app\'s own scheme under a policy of nothing but its own', async () => {
  const { windows: [window], handledSchemes, schemes } = await app.command('state', null);
  assert.equal(window?.url, 'app://longtake/');
  assert.deepEqual([...handledSchemes].sort(), ['app', 'media']);
  for (const scheme of ['app', 'media']) assert.deepEqual([schemes[scheme]?.['standard'], schemes[scheme]?.['secure'], schemes[scheme]?.['bypassCSP']], [true, true, undefined]);
  assert.equal(await app.page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(1, 2, 3)', 'styles of the page have the nonce');
  assert.equal(await app.page.evaluate('(() => { const style = document.createElement("style"); style.textContent = "body { background: red }"; document.head.append(style); return getComputedStyle(document.body).backgroundColor; })()'), 'rgb(1, 2, 3)', 'others have not');
  assert.equal(await app.page.evaluate('window.evaluated'), 'EvalError');
});

test('2, 3, 4, 6, 8, 9, 10, 11: the window has no Node, its own world, a sandbox, and none of what weakens them', async () => {
  const { windows: [window], sandboxEnabled } = await app.command('state', null);
  const preferences = window?.options['webPreferences'] as Record<string, unknown>;
  assert.deepEqual(preferences, {
    preload: path.join(output, 'preload.cjs'),
    sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, webSecurity: true,
    allowRunningInsecureContent: false, experimentalFeatures: false, webviewTag: false, navigateOnDragDrop: false, spellcheck: false, devTools: true,
  });
  assert.ok(sandboxEnabled);
  assert.deepEqual(await app.page.evaluate('[typeof require, typeof process, typeof module, typeof Buffer]'), ['undefined', 'undefined', 'undefined', 'undefined']);
});

test('4: without the sandbox, as a system may force it, the app starts only once somebody has agreed', async () => {
  const options = { browser, output, argv: ['--no-sandbox'] };
  await assert.rejects(openElectronApp({ ...options, home: scratchDirectory('unsafe') }), /ended with code 0 before it had a window/u);
  await using agreed = await openElectronApp({ ...options, home: scratchDirectory('agreed'), environment: { LONGTAKE_NO_SANDBOX: '1' } });
  await until(agreed.page, 'window.hello');
});

test('5: permissions are refused, but for a film over the whole screen', async () => {
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'usb', 'serial', 'hid', 'display-capture', 'midi', 'pointerLock', 'unknown']) {
    assert.deepEqual(await app.command('hasPermission', permission), { request: false, check: false, device: false }, permission);
  }
  assert.deepEqual(await app.command('hasPermission', 'fullscreen'), { request: true, check: true, device: false });
});

test('12, 13, 14: no webview, no other page, no new window', async () => {
  assert.equal(await app.command('mayAttachWebview', null), false);
  for (const url of outside) {
    assert.equal(await app.command('mayNavigate', url), false, url);
    assert.equal(await app.command('mayOpenWindow', url), false, url);
  }
  assert.equal(await app.command('mayDownload', null), false);
  assert.equal(await app.command('mayNavigate', 'app://longtake/'), true);
  assert.equal(await app.command('mayOpenWindow', 'app://longtake/'), false);
  // In a real page: it stays where it is.
  const { page } = app;
  for (const url of ['https://example.com/', 'http://example.com/']) await page.evaluate(`{ const link = document.createElement("a"); link.href = "${url}"; document.body.append(link); link.click(); }`);
  await page.evaluate('void window.open("https://example.com/")');
  await until(page, 'window.ready');
  assert.equal(page.url(), 'http://app.longtake.localhost/');
  await eventually(() => (page.context().pages().length === 1 ? true : undefined));
});

test('a page reaches no network at all', async () => {
  for (const url of outside.slice(0, 5)) assert.equal(await app.command('mayRequest', url), false, url);
  for (const url of ['app://longtake/x.js', 'media://longtake/video/1', 'blob:app://longtake/1', 'data:,x']) assert.equal(await app.command('mayRequest', url), true, url);
  const { switches, spellChecker } = await app.command('state', null);
  assert.equal(switches['host-resolver-rules'], 'MAP * ~NOTFOUND');
  assert.equal(spellChecker, false);
  assert.equal(await app.page.evaluate('fetch("http://127.0.0.1:1/").then(() => "reached", (error) => error.name)'), 'TypeError');
});

test('15: an address opens in the browser only from a short list, over https, shown in full, once agreed', async () => {
  const external = (address: string): Promise<string> => app.page.evaluate(`window.longtake.openExternal(${JSON.stringify(address)}).then(() => "", (error) => error.message)`);
  const opened = (): readonly unknown[] => app.bridgeLog.filter(({ api }) => api === 'shell.openExternal').map(({ value }) => value);
  for (const address of ['http://arxiv.org/', 'file:///bin/sh', 'javascript:1', 'https://arxiv.org@evil.example/', 'smb://x/y', 'nonsense']) assert.match(await external(address), /is not an https address/u, address);
  assert.equal(await external('https://arxiv.org/abs/2506.05332'), '');
  assert.deepEqual(opened(), [], 'not agreed');
  const asked = app.bridgeLog.at(-1)?.value as { readonly detail: string };
  assert.equal(asked.detail, 'https://arxiv.org/abs/2506.05332');
  app.answerDialog('dialog.showMessageBox', { response: 0 });
  await external('https://arxiv.org/abs/2506.05332');
  assert.deepEqual(opened(), ['https://arxiv.org/abs/2506.05332']);
  app.answerDialog('dialog.showMessageBox', { response: 0 });
  await external('https://arxiv.org.evil.example/');
  assert.deepEqual(opened(), ['https://arxiv.org/abs/2506.05332'], 'an unknown site is not opened');
  assert.equal((await app.command('state', null)).clipboard, 'https://arxiv.org.evil.example/', 'but copied, if that is wanted');
});

test('16: the Electron that is pinned is a recent one', () => {
  const { devDependencies } = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
  assert.match(devDependencies['electron'] ?? '', /^\d+\.\d+\.\d+$/u);
  assert.ok(Number(devDependencies['electron']?.split('.')[0]) >= 45);
});

test('17: a message of another page, another frame or none, or of another shape, is not listened to', async () => {
  const question = { name: 'copyText', parameter: 'stolen', language: 'en' };
  const ours = { url: 'app://longtake/', hasParent: false };
  for (const frame of [null, { ...ours, hasParent: true }, ...outside.map((url) => ({ url, hasParent: false }))]) {
    assert.deepEqual(await app.command('pretend', { frame, channel: channels.ask, args: [question] }), { refusal: 'This page is not Longtake\'s.' });
    await app.command('pretend', { frame, channel: channels.tell, args: [{ name: 'setTheme', parameter: 'light' }] });
  }
  for (const wrong of [undefined, 'x', {}, { ...question, name: 'constructor' }, { ...question, name: 'toString' }, { ...question, parameter: 7 }, { ...question, more: 1 }, { name: 'saveFile', language: 'en', parameter: { title: '', fileName: '../x', extension: 'md' } }, { name: 'openFiles', language: 'en', parameter: { title: '', kind: 'anything' } }]) {
    const answer = await app.command('pretend', { frame: ours, channel: channels.ask, args: [wrong] }) as { refusal?: string };
    assert.ok(typeof answer.refusal === 'string' && answer.refusal !== '', JSON.stringify(wrong));
  }
  for (const wrong of [undefined, { name: 'setMenu', parameter: [{ kind: 'role', role: 'toggleDevTools' }] }, { name: 'setTheme', parameter: 'pink' }]) {
    await app.command('pretend', { frame: ours, channel: channels.tell, args: [wrong] });
  }
  const { themeSource, menu } = await app.command('state', null);
  assert.deepEqual([themeSource, menu], ['system', null]);
  assert.ok(!app.bridgeLog.some(({ value }) => value === 'stolen'));
  assert.deepEqual(await app.command('pretend', { frame: ours, channel: channels.ask, args: [question] }), { value: undefined }, 'ours is');
});

test('20: the page gets functions of its own, frozen, and nothing of Electron', async () => {
  assert.deepEqual(await app.page.evaluate('Object.keys(window.longtake).sort()'), ['connect', 'copyText', 'onAction', 'onOpenFiles', 'openExternal', 'openFiles', 'pathOf', 'platform',
    'saveFile', 'saveText', 'setBusy', 'setMenu', 'setTheme', 'showInFolder', 'version'].sort());
  assert.equal(await app.page.evaluate('Object.isFrozen(window.longtake)'), true);
  await app.page.evaluate(`{ window.given = new Promise((resolve) => { const stop = window.longtake.onAction((...given) => { stop(); resolve(given.map((one) => typeof one)); }); });
    window.longtake.setMenu([{ kind: "action", id: "a", label: "A", enabled: true }]); }`);
  await eventually(async () => ((await app.command('state', null)).menu === null ? undefined : true));
  await app.command('chooseMenu', ['A']);
  assert.deepEqual(await app.page.evaluate('window.given'), ['string'], 'no event with an ipcRenderer in it');
});

test('dialogs of the system answer the page, and write what it gives', async () => {
  const { page } = app;
  assert.deepEqual(await page.evaluate('window.longtake.openFiles({ title: "Open", kind: "videos" })'), [], 'cancelled');
  app.answerDialog('dialog.showOpenDialog', { filePaths: ['/a.mp4', '/b.mkv'] });
  assert.deepEqual(await page.evaluate('window.longtake.openFiles({ title: "Open", kind: "videos" })'), ['/a.mp4', '/b.mkv']);
  const file = path.join(home, 'chat.md');
  app.answerDialog('dialog.showSaveDialog', { filePath: file });
  assert.equal(await page.evaluate('window.longtake.saveText({ title: "Export", fileName: "chat.md", extension: "md", text: "# 你好" })'), file);
  assert.equal(readFileSync(file, 'utf8'), '# 你好');
  assert.equal(await page.evaluate('window.longtake.saveFile({ title: "Export", fileName: "a.longtake", extension: "longtake" }).then((given) => given === undefined)'), true);
  assert.match(await page.evaluate('window.longtake.showInFolder("/not/there").catch((error) => error.message)'), /is not there any more/u);
  app.answerDialog('dialog.showSaveDialog', { filePath: path.join(home, 'no', 'such', 'folder.md') });
  assert.match(await page.evaluate('window.longtake.saveText({ title: "Export", fileName: "chat.md", extension: "md", text: "x" }).catch((error) => error.message)'), /ENOENT/u);
});

test('a dropped file has its path, one that is in no file system has none', async () => {
  const file = path.join(home, 'dropped.mp4');
  writeFileSync(file, 'x');
  await app.page.evaluate('{ const input = document.createElement("input"); input.type = "file"; input.id = "files"; document.body.append(input); }');
  await app.page.setInputFiles('#files', file);
  await app.knowFile('dropped.mp4', file);
  assert.equal(await app.page.evaluate('window.longtake.pathOf(document.getElementById("files").files[0])'), file);
  assert.equal(await app.page.evaluate('window.longtake.pathOf(new File(["x"], "made.mp4")) === undefined'), true);
});
