import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { startCli } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { connectTo, hasEnded, openConversation, untilQueue } from './support/engine.ts';

const scratch = scratchDirectory('offline');
const log = path.join(scratch, 'network.log');
const environment = {
  NODE_OPTIONS: `--import=${pathToFileURL(path.join(import.meta.dirname, '../support/loopback-only.mjs')).href}`, LONGTAKE_TEST_NETWORK_LOG: log,
};
const attempts = (): string[] => readFileSync(log, 'utf8').split('\n').filter((line) => line !== '').map((line) => line.replace(/^\d+ /, ''));

test('the guard of this test sees every way out', () => {
  writeFileSync(log, '');
  const script = `
    import net from 'node:net'; import dns from 'node:dns'; import dgram from 'node:dgram';
    const tries = [() => fetch('http://192.0.2.1/'), () => fetch('https://example.invalid/'), () => dns.promises.resolve4('example.invalid'), () => dns.promises.lookup('example.invalid'),
      () => new Promise((resolve, reject) => net.connect(80, '192.0.2.2').on('error', reject).on('connect', resolve)),
      () => { dgram.createSocket('udp4').send('x', 53, '192.0.2.3'); }];
    for (const attempt of tries) { let failed = false; try { await attempt(); } catch { failed = true; } if (!failed) process.exit(1); }
    process.exit(0);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, ...environment }, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  for (const expected of ['connect 192.0.2.1:80', 'connect example.invalid:443', 'resolve4 example.invalid', 'lookup example.invalid', 'connect 192.0.2.2:80', 'datagram 192.0.2.3']) {
    assert.ok(attempts().includes(expected), `${expected} in ${attempts().join(', ')}`);
  }
});

test('engine and web host need no network, and try none: encode, ask, export, diagnostics', { timeout: 240_000 }, async () => {
  writeFileSync(log, '');
  const video = path.join(scratch, 'film.mp4');
  await makeVideo(video, { seconds: 20 });
  const child = startCli(path.join(scratch, 'home'), ['serve', '--json'], environment);
  const exit = once(child, 'exit') as Promise<[number | null]>;
  try {
    const [line] = await once(child.stdout ?? child, 'data') as [Buffer];
    const address = new URL((JSON.parse(line.toString()) as { address: string }).address);
    const client = await connectTo(address.origin, address.searchParams.get('token') ?? '');
    await client.request('settings.change', { provider: 'cpu', maxNewTokens: 8 });
    const { results: [added] } = await client.request('queue.add', { paths: [video] });
    assert.ok(added?.outcome === 'queued');
    await untilQueue(client, (jobs) => jobs.length === 0);
    const { id: conversationId } = await client.request('conversations.create', { videoId: added.videoId });
    const shown = openConversation(client, conversationId);
    await client.request('messages.ask', { conversationId, question: 'What is there?' });
    const [, answer] = await shown.when((messages) => hasEnded(messages[1]));
    assert.notEqual(answer?.content, '');
    assert.ok((await client.request('archive.export', { videoId: added.videoId, chats: true })).byteLength > 0);
    assert.match((await client.request('app.diagnostics', {})).platform, /-/);
    assert.ok((await client.request('models.catalogue', {})).models.length > 0);
    assert.equal((await fetch(`${address.origin}/media/poster/${added.videoId}`, { headers: { authorization: `Bearer ${address.searchParams.get('token')}` } })).status, 200);
    client.close();
  } finally {
    child.kill('SIGTERM');
  }
  assert.equal((await exit)[0], 0);
  assert.deepEqual(attempts(), []);
});
