import assert from 'node:assert/strict';
import { mkdirSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { openElectronApp, startSecondInstance, type ElectronApp } from './double/electron-app.ts';
import { buildShellWithPage } from './double/shell-fixture.ts';
import { eventually, until } from './double/until.ts';

let browser: Browser;
let output: string;
const project = scratchDirectory('shell');
before(async () => {
  [browser, output] = await Promise.all([launchChromium(), buildShellWithPage(project, path.join(import.meta.dirname, 'double', 'page.js'))]);
});
after(() => browser.close());

const open = (name: string, argv: readonly string[] = []): Promise<ElectronApp> => openElectronApp({ browser, output, home: scratchDirectory(name), argv });
type Info = { readonly version: string; readonly processId: number };
const info = async (page: Page): Promise<Info> => {
  await until(page, 'window.hello');
  return await page.evaluate('window.request("app.info")');
};

test('a page reaches the engine, which is a plain Node of its own', async () => {
  await using app = await open('reach');
  const { processId, version } = await info(app.page);
  assert.notEqual(processId, app.processId);
  assert.equal(await app.page.evaluate('window.longtake.version'), version);
  if (process.platform === 'linux') assert.equal(readlinkSync(`/proc/${processId}/exe`), realpathSync(process.execPath));
  assert.deepEqual(await app.page.evaluate('window.request("nonsense").catch((error) => error.message)'), 'There is no method "nonsense".');
});

test('an engine that is killed is started again; the page is told and connects anew', async () => {
  await using app = await open('engine-killed');
  const first = await info(app.page);
  process.kill(first.processId, 'SIGKILL');
  await until(app.page, 'window.closes');
  await app.page.evaluate('window.hello = undefined; window.connect()');
  const second = await info(app.page);
  assert.notEqual(second.processId, first.processId);
  assert.equal(await app.page.evaluate('window.closes'), 1);
});

test('a connection that the page ends leaves the others alone', async () => {
  await using app = await open('two');
  await info(app.page);
  await app.page.evaluate('window.endConnection(); window.hello = undefined; window.connect()');
  assert.equal((await info(app.page)).version, await app.page.evaluate('window.longtake.version'));
});

test('a window whose process crashes is loaded again over the same engine', async () => {
  await using app = await open('crash');
  const before = await info(app.page);
  const crashed = app.page;
  crashed.goto('chrome://crash').catch(() => undefined);
  const page = await eventually(() => (app.page === crashed ? undefined : app.page));
  assert.equal((await info(page)).processId, before.processId);
  await app.command('openFile', '/films/after.mp4');
  assert.deepEqual(await until(page, 'window.opened.length && window.opened'), ['/films/after.mp4']);
});

test('files of the command line, of a second start and of the system reach the page', async () => {
  const home = scratchDirectory('files');
  await using app = await openElectronApp({ browser, output, home, argv: ['/films/one.mp4', '--switch', '--', '-two.mkv'] });
  assert.deepEqual(await until(app.page, 'window.opened.length === 2 && window.opened'), ['/films/one.mp4', path.resolve('-two.mkv')]);
  assert.equal(await startSecondInstance({ output, home, argv: ['/films/three.longtake'] }), 0);
  await app.command('openFile', '/films/four.mp4');
  await until(app.page, 'window.opened.length === 4');
  assert.deepEqual(await app.page.evaluate('window.opened.slice(2).sort()'), ['/films/four.mp4', '/films/three.longtake']);
  await app.page.reload();
  await until(app.page, 'window.hello');
  assert.deepEqual(await app.page.evaluate('window.opened'), [], 'opened once, taken once');
});

test('the menu is the page\'s model, and choosing in it comes back to the page', async () => {
  await using app = await open('menu');
  await until(app.page, 'window.hello');
  assert.equal((await app.command('state', null)).menu, null);
  await app.page.evaluate(`window.longtake.setMenu([{ kind: 'submenu', label: 'File', items: [
    { kind: 'action', id: 'file.open', label: 'Open …', accelerator: 'CmdOrCtrl+O', enabled: true }, { kind: 'separator' },
    { kind: 'action', id: 'file.close', label: 'Close', enabled: false, checked: true }, { kind: 'role', role: 'quit' }] }])`);
  const menu = await eventually(async () => (await app.command('state', null)).menu ?? undefined);
  assert.deepEqual(menu[0]?.items?.map(({ label, role, enabled, checked }) => [role ?? label, enabled, checked]),
    [['Open …', true, undefined], ['', true, undefined], ['Close', false, true], ['quit', true, undefined]]);
  await app.command('chooseMenu', ['File', 'Open …']);
  assert.deepEqual(await until(app.page, 'window.actions.length && window.actions'), ['file.open']);
  await assert.rejects(app.command('chooseMenu', ['File', 'Close']), /no File ▸ Close/u);
  await app.command('chooseMenu', ['File', 'quit']);
  assert.equal(await app.exited, 0);
});

test('quitting while the page is busy asks in its words, and stays or goes as answered', async () => {
  await using app = await open('busy');
  const { processId } = await info(app.page);
  await app.page.evaluate('window.longtake.setBusy({ title: "Encoding a film", detail: "It goes on next time.", quit: "Quit", stay: "Stay" })');
  await app.page.evaluate('window.longtake.copyText("in order")');
  await assert.rejects(app.close(), /nobody answered/u);
  assert.equal((await info(app.page)).processId, processId, 'stayed');
  const asked = app.bridgeLog.filter(({ api }) => api === 'dialog.showMessageBox').map(({ value }) => value as Record<string, unknown>);
  assert.deepEqual(asked.map(({ message, detail, buttons }) => [message, detail, buttons]), [['Encoding a film', 'It goes on next time.', ['Quit', 'Stay']]]);
  app.answerDialog('dialog.showMessageBox', { response: 0 });
  await app.close();
  assert.equal(await app.exited, 0);
  assert.throws(() => process.kill(processId, 0), 'the engine has ended with the app');
});

test('a shell that is killed takes its engine with it', async () => {
  await using app = await open('killed');
  const { processId } = await info(app.page);
  await app.kill();
  await eventually(() => {
    try {
      process.kill(processId, 0);
      return undefined;
    } catch {
      return true;
    }
  });
});

test('where the window was, its theme and what the page stored are there at the next start', async () => {
  const home = scratchDirectory('again');
  const first = await openElectronApp({ browser, output, home });
  await until(first.page, 'window.hello');
  await first.page.evaluate('localStorage.setItem("divider", "300"); window.longtake.setTheme("dark")');
  await eventually(async () => ((await first.command('state', null)).themeSource === 'dark' ? true : undefined));
  await first.close();
  await using second = await openElectronApp({ browser, output, home });
  await until(second.page, 'window.hello');
  assert.equal(await second.page.evaluate('localStorage.getItem("divider")'), '300');
  const { themeSource, windows: [window] } = await second.command('state', null);
  assert.equal(themeSource, 'dark');
  assert.deepEqual([window?.options['width'], window?.options['height'], window?.options['x'], window?.options['backgroundColor'], window?.visible], [1440, 900, 0, '#131415', true]);
});

test('a window that was on a screen that is gone, and a state that somebody edited, open in their first place', async () => {
  for (const state of [{ version: 1, maximized: false, theme: 'dark', bounds: { x: 9000, y: 40, width: 800, height: 600 } }, { version: 7 }]) {
    const home = scratchDirectory('elsewhere');
    mkdirSync(path.join(home, 'desktop'));
    writeFileSync(path.join(home, 'desktop', 'window.json'), JSON.stringify(state));
    await using app = await openElectronApp({ browser, output, home });
    await until(app.page, 'window.hello');
    const { windows: [window] } = await app.command('state', null);
    assert.deepEqual([window?.options['width'], window?.options['x']], [1440, undefined]);
  }
});
