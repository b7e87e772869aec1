import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import type { ChildProcess } from 'node:child_process';
import { findElectron, hasDisplay, openElectron } from '../../engine/server/shells.ts';
import { startCli } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { connectTo } from '../server/support/engine.ts';

const scratch = scratchDirectory('start');
const home = path.join(scratch, 'home');
const programs = path.join(scratch, 'bin');

/** A program in the place of the system's own, which notes what it was called with. */
function makeProgram(name: string): { readonly file: string; readonly calls: () => string[] } {
  mkdirSync(programs, { recursive: true });
  const [file, log] = [path.join(programs, name), path.join(scratch, `${name}.log`)];
  writeFileSync(log, '');
  writeFileSync(file, `#!/bin/sh\nfor word; do echo "$word"; done >> '${log}'\n`);
  chmodSync(file, 0o755);
  return { file, calls: () => readFileSync(log, 'utf8').split('\n').filter((line) => line !== '') };
}

const opener = makeProgram('xdg-open');
const withDisplay = { PATH: `${programs}:${process.env['PATH'] ?? ''}`, DISPLAY: ':7', LONGTAKE_NO_OPEN: '', CI: '' };

async function start(environment: Record<string, string>): Promise<{ readonly child: ChildProcess; readonly address: URL }> {
  const child = startCli(home, ['start', '--browser', '--json'], environment);
  const [line] = await once(child.stdout ?? child, 'data') as [Buffer];
  return { child, address: new URL((JSON.parse(line.toString()) as { address: string }).address) };
}

const ends = async (child: ChildProcess): Promise<number | null> => child.exitCode ?? (await once(child, 'exit') as [number | null])[0];

suite('longtake start', { skip: process.platform === 'win32' }, () => {
  test('opens the browser with a token for one visit, and a second start leads to the first', { timeout: 240_000 }, async () => {
    const first = await start(withDisplay);
    try {
      assert.equal(statSync(path.join(home, 'host.json')).mode & 0o777, 0o600);
      const second = await start(withDisplay);
      assert.equal(await ends(second.child), 0);
      assert.equal(second.address.href, first.address.href);
      while (opener.calls().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
      for (const visit of opener.calls()) {
        assert.ok(!visit.includes(first.address.searchParams.get('token') ?? ''), 'command lines can be read by everybody');
        const welcome = await fetch(visit, { redirect: 'manual' });
        assert.equal(welcome.status, 303);
        assert.match(welcome.headers.get('set-cookie') ?? '', /^longtake-\d+=/);
        assert.equal((await fetch(visit, { redirect: 'manual' })).status, 401, 'once');
      }
      const client = await connectTo(first.address.origin, first.address.searchParams.get('token') ?? '');
      assert.equal((await client.request('app.info', {})).home, home);
      client.close();
    } finally {
      first.child.kill('SIGKILL');
    }
    await ends(first.child);

    const third = await start({ ...withDisplay, LONGTAKE_NO_OPEN: '1' });
    assert.notEqual(third.address.href, first.address.href, 'what a killed one has left is not believed');
    third.child.kill('SIGTERM');
    assert.equal(await ends(third.child), 0);
    assert.throws(() => statSync(path.join(home, 'host.json')), { code: 'ENOENT' });
    assert.equal(opener.calls().length, 2);
  });

  test('where Electron cannot be fetched, that is said once, and the browser opens', { timeout: 240_000, skip: findElectron() !== undefined }, async () => {
    const closed = 'http://127.0.0.1:9/';
    const environment = { ...withDisplay, ELECTRON_MIRROR: closed, electron_config_cache: path.join(scratch, 'cache') };
    const before = opener.calls().length;
    for (const expected of [/Fetching Electron .+ELECTRON_MIRROR/su, /^(?!.*Fetching Electron)/su]) {
      const child = startCli(home, ['start', '--json'], environment);
      const words: string[] = [];
      child.stderr?.on('data', (part: Buffer) => { words.push(part.toString()); });
      const [line] = await once(child.stdout ?? child, 'data') as [Buffer];
      assert.match((JSON.parse(line.toString()) as { address: string }).address, /^http:\/\/127\.0\.0\.1:/u);
      child.kill('SIGTERM');
      assert.equal(await ends(child), 0);
      assert.match(words.join(''), expected);
    }
    while (opener.calls().length < before + 2) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test('Electron is taken where it is, and gets the built program, the files and a plain Node', async () => {
    const electron = makeProgram('electron');
    assert.equal(findElectron({ LONGTAKE_ELECTRON: electron.file }), electron.file);
    assert.equal(findElectron({ LONGTAKE_ELECTRON: path.join(scratch, 'none') }), undefined);
    assert.deepEqual([hasDisplay({}, 'linux'), hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux'), hasDisplay({}, 'darwin')], [false, true, true]);
    assert.equal(await ends(openElectron(electron.file, ['/films/a b.mp4'])), 0);
    assert.deepEqual([path.basename(electron.calls()[0] ?? ''), electron.calls()[1]], ['main.js', '/films/a b.mp4']);
  });
});
