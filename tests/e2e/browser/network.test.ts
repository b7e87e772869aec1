import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { after, suite, test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { closeBrowser, sharedBrowser } from './support/browser.ts';
import { denyNetwork } from './support/network.ts';
import { watchProblems } from './support/problems.ts';

after(closeBrowser);

/** Runs a script in a Node below a Node, as the engine is one below its shell. */
function runBelow(script: string, environment: Readonly<Record<string, string>>): void {
  const outer = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(script)}, 'inner'], { stdio: 'inherit' })`;
  spawnSync(process.execPath, ['-e', outer, 'outer'], { env: { ...process.env, ...environment } });
}

suite('what the flows promise about the network', () => {
  test('an attempt of a process below the shell fails the test that disposes the app', () => {
    const network = denyNetwork(scratchDirectory('network'));
    runBelow('fetch("http://192.0.2.1/").catch(() => undefined)', network.environment);
    assert.throws(() => { network.assertNoneTried([/outer/u, /inner/u]); }, /tried to reach another machine/u);
  });

  test('a loopback is no other machine', () => {
    const network = denyNetwork(scratchDirectory('network'));
    runBelow('fetch("http://127.0.0.1:9/").catch(() => undefined)', network.environment);
    network.assertNoneTried([/outer/u, /inner/u]);
  });

  test('a process without the guard fails it too', () => {
    const network = denyNetwork(scratchDirectory('network'));
    assert.throws(() => { network.assertNoneTried([/outer/u]); }, /without the guard/u);
  });

  test('so does a page that asks for anything of another machine', async () => {
    const server = createServer((_request, response) => { response.setHeader('Content-Type', 'text/html').end('<img src="http://example.invalid/x.png">'); });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const page = await (await sharedBrowser()).newPage();
    const problems = watchProblems();
    problems.watch(page);
    await page.goto(`http://127.0.0.1:${address.port}/`);
    assert.throws(() => { problems.assertNone(); }, /example\.invalid/u);
    await page.close();
    server.close();
  });
});
