import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { suite, test } from 'node:test';
import { z } from 'zod';
import { HubConnection } from '../../engine/checkpoint/hub/connection.ts';
import { downloadFiles, type DownloadOptions } from '../../engine/checkpoint/hub/download.ts';
import { readRepository } from '../../engine/checkpoint/hub/repository.ts';
import { transientStatus } from '../../engine/checkpoint/hub/retry.ts';
import { isLongtakeError, type LongtakeError } from '../../engine/protocol/errors.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { fakeRepository, noFaults, startFakeHub, type FakeHub, type Faults } from './fake-hub.ts';

const scratch = scratchDirectory('hub');
const quick = { firstPauseMs: 0, longestPauseMs: 1, silenceMs: 5000 };
const small: DownloadOptions = { pieceBytes: 16_384, connections: 3, reserveBytes: 0 };

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function sampleFiles(seed: number): Map<string, Uint8Array> {
  const random = seeded(seed);
  const bytes = (length: number) => Uint8Array.from({ length }, () => random() * 256);
  return new Map([
    ['config.json', bytes(900)], ['empty.txt', bytes(0)],
    ['model-00001-of-00002.safetensors', bytes(150_000)], ['model-00002-of-00002.safetensors', bytes(65_536)],
  ]);
}

async function download(hub: FakeHub, directory: string, options: DownloadOptions & { token?: string; attempts?: number } = {}): Promise<void> {
  using connection = new HubConnection({ endpoint: hub.endpoint, token: options.token, retry: { ...quick, attempts: options.attempts ?? 6 }, environment: {} });
  const repository = await readRepository(connection, fakeRepository, 'main', options.signal);
  await downloadFiles(connection, repository, repository.files, directory, { ...small, ...options });
}

function assertComplete(directory: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, content] of files) assert.ok(readFileSync(path.join(directory, name)).equals(content), name);
  assert.deepEqual(readdirSync(directory).filter((name) => name.includes('.part')), []);
}

const refused = (code: string) => (error: unknown) => isLongtakeError(error, code as LongtakeError['code']);

suite('a download', () => {
  test('ends complete and verified, or refused and resumable, over 200 seeded runs of a bad network', async () => {
    const outcomes = new Map<string, number>();
    const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seeded(seed);
      const files = sampleFiles(seed % 5);
      const directory = path.join(scratch, `run-${String(seed)}`);
      await using hub = await startFakeHub({ files, random });
      const severity = random();
      const some = (most: number): number => (random() < 0.5 ? random() * most * severity : 0);
      hub.faults = { cut: some(0.9), wrongByte: some(0.1), newEtag: some(0.1), busy: some(0.7), wrongRange: some(0.3) } satisfies Faults;
      let outcome = '';
      for (let session = 1; outcome !== 'complete'; session += 1) {
        // A network does not stay bad for ever; the download must then need nothing but to be continued.
        if (session > 4) hub.faults = noFaults;
        const stop = new AbortController();
        const stopAfter = random() < 0.3 && session < 4 ? random() * 200_000 : Infinity;
        try {
          await download(hub, directory, { attempts: 4, signal: stop.signal, onBytes: (done) => { if (done > stopAfter) stop.abort(); } });
          outcome = 'complete';
        } catch (error) {
          assert.ok(isLongtakeError(error), String(error));
          assert.ok(['network-failed', 'download-invalid', 'cancelled'].includes(error.code), `seed ${String(seed)}: ${error.code}: ${error.message}`);
          assert.ok(session <= 5, `seed ${String(seed)} does not go on: ${error.message}`);
          outcome = error.code;
        }
        count(outcome);
        for (const [name, content] of files) {
          // Whatever has its name already is right.
          if (existsSync(path.join(directory, name))) assert.ok(readFileSync(path.join(directory, name)).equals(content), `seed ${String(seed)}: ${name}`);
        }
      }
      assertComplete(directory, files);
    }
    // The runs are worth something only if all endings were met.
    assert.equal(outcomes.get('complete'), 200);
    for (const ending of ['network-failed', 'download-invalid', 'cancelled']) assert.ok((outcomes.get(ending) ?? 0) > 5, JSON.stringify([...outcomes]));
  });

  test('goes on after an interruption with what is missing only', async () => {
    const files = sampleFiles(7);
    const directory = path.join(scratch, 'resumed');
    await using hub = await startFakeHub({ files });
    const stop = new AbortController();
    await assert.rejects(download(hub, directory, { connections: 1, signal: stop.signal, onBytes: (done) => { if (done > 100_000) stop.abort(); } }), refused('cancelled'));
    const before = hub.requests.length;
    let first: number | undefined;
    await download(hub, directory, { onBytes: (done) => { first ??= done; } });
    assert.ok((first ?? 0) > 100_000, 'what was there counts from the start');
    const ranges = hub.requests.slice(before).filter(({ host, url }) => host === 'storage' && url.includes('00001')).map(({ range }) => range);
    assert.ok(ranges.length > 0 && !ranges.includes('bytes=0-16383'), JSON.stringify(ranges));
    assertComplete(directory, files);
  });

  test('a commit is pinned: a branch that moves meanwhile is not mixed in', async () => {
    const directory = path.join(scratch, 'moved');
    await using hub = await startFakeHub({ files: sampleFiles(1) });
    await download(hub, directory);
    hub.move(sampleFiles(2));
    await assert.rejects(download(hub, directory), (error) => isLongtakeError(error, 'bad-argument') && error.message.includes(hub.commit));
    assertComplete(directory, sampleFiles(1));
  });

  test('wrong bytes are refused with the file\'s name, and nothing wrong is kept', async () => {
    const directory = path.join(scratch, 'wrong');
    await using hub = await startFakeHub({ files: sampleFiles(3) });
    hub.faults = { ...noFaults, wrongByte: 1 };
    await assert.rejects(download(hub, directory), (error) => isLongtakeError(error, 'download-invalid') && error.message.includes('config.json'));
    assert.equal(existsSync(path.join(directory, 'config.json')), false);
    hub.faults = noFaults;
    await download(hub, directory);
    assertComplete(directory, sampleFiles(3));
  });

  test('a drive without room is seen before a byte is asked for, with numbers', async () => {
    await using hub = await startFakeHub({ files: sampleFiles(4) });
    await assert.rejects(download(hub, path.join(scratch, 'full'), { reserveBytes: 2 ** 60 }),
      (error) => isLongtakeError(error, 'disk-full') && error.data['missingBytes'] === 216_436);
    assert.ok(hub.requests.every(({ url }) => url.startsWith('/api/')));
  });

  test('a drive that fills up meanwhile stops it with a sentence, and it goes on once there is room', (t) => {
    const mount = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"';
    const drive = path.join(scratch, 'drive');
    mkdirSync(drive);
    const inside = (...command: string[]) => spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', mount, drive, ...command], { encoding: 'utf8' });
    if (inside('true').status !== 0) {
      t.skip('this system does not let a test mount a small drive');
      return;
    }
    const run = inside(process.execPath, '--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'fill-disk.ts'), drive);
    assert.equal(run.status, 0, run.stderr);
    const { full, then, requestsAfter } = z.object({ full: z.object({ code: z.string(), message: z.string() }), then: z.null(), requestsAfter: z.int() }).parse(JSON.parse(run.stdout));
    assert.equal(full.code, 'disk-full');
    assert.match(full.message, /Make room and continue/u);
    assert.equal(then, null);
    assert.ok(requestsAfter > 0 && requestsAfter < 13, `${String(requestsAfter)} of 13 pieces were asked for again`);
  });

  test('a mirror that sends whole files only is refused with a sentence', async () => {
    await using hub = await startFakeHub({ files: sampleFiles(4), ignoresRange: true });
    await assert.rejects(download(hub, path.join(scratch, 'no-range')), (error) => isLongtakeError(error, 'download-invalid') && error.message.includes('mirror'));
    await download(hub, path.join(scratch, 'no-range'), { pieceBytes: 1_000_000 });
    assertComplete(path.join(scratch, 'no-range'), sampleFiles(4));
  });

  test('a file name that leaves the folder is refused', async () => {
    await using hub = await startFakeHub({ files: new Map([['../evil.json', new Uint8Array(10)]]) });
    await assert.rejects(download(hub, path.join(scratch, 'evil')), refused('download-invalid'));
    assert.equal(existsSync(path.join(scratch, 'evil.json')), false);
  });
});

suite('access', () => {
  test('a gated repository opens to its token, which goes to no second host and into no message', async () => {
    const files = sampleFiles(5);
    const token = 'hf_verySecretToken';
    await using hub = await startFakeHub({ files, token, licence: 'apache-2.0' });
    await assert.rejects(download(hub, path.join(scratch, 'gated')), (error) => isLongtakeError(error, 'access-denied') && error.message.includes('HF_TOKEN'));
    await assert.rejects(download(hub, path.join(scratch, 'gated'), { token: 'hf_otherToken' }),
      (error) => isLongtakeError(error, 'access-denied') && !JSON.stringify([error.message, error.data]).includes('hf_'));
    await download(hub, path.join(scratch, 'gated'), { token });
    assertComplete(path.join(scratch, 'gated'), files);
    const stored = hub.requests.filter(({ host }) => host === 'storage');
    assert.ok(stored.length > 0 && stored.every(({ authorization }) => authorization === undefined));
    assert.throws(() => new HubConnection({ endpoint: 'http://mirror.example', token, environment: {} }), refused('bad-argument'));
    // Signatures of the second host stay out of what is shown as well.
    hub.faults = { ...noFaults, cut: 1 };
    await assert.rejects(download(hub, path.join(scratch, 'gated-again'), { token, attempts: 2 }), (error) => error instanceof Error && !/hf_|Signature/u.test(error.message));
  });

  test('an unknown repository or revision is named', async () => {
    await using hub = await startFakeHub({ files: sampleFiles(5) });
    using connection = new HubConnection({ endpoint: hub.endpoint, environment: {} });
    await assert.rejects(readRepository(connection, 'nobody/nothing', 'main'), (error) => isLongtakeError(error, 'not-found') && error.message.includes('nobody/nothing'));
    await assert.rejects(readRepository(connection, fakeRepository, 'no-such-branch'), refused('not-found'));
    const { licence, commit, files } = await readRepository(connection, fakeRepository, 'main');
    assert.deepEqual([licence, commit, files.length], [undefined, hub.commit, 4]);
  });

  test('requests go through the proxy that the environment names, unless NO_PROXY excludes the host', async () => {
    const files = sampleFiles(6);
    await using hub = await startFakeHub({ files });
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(request.url ?? '');
      const target = new URL(request.url ?? '');
      const socket = connect(Number(target.port), target.hostname, () => {
        socket.write(`GET ${target.pathname}${target.search} HTTP/1.1\r\nhost: ${target.host}\r\nconnection: close\r\n${request.headers.range === undefined ? '' : `range: ${request.headers.range}\r\n`}\r\n`);
        socket.pipe(response.socket as Socket);
      });
    });
    proxy.on('connect', (request, clientSocket) => {
      seen.push(request.url ?? '');
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const socket = connect(Number(port), host, () => {
        clientSocket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(clientSocket);
        clientSocket.pipe(socket);
      });
    });
    await new Promise<void>((resolve) => { proxy.listen(0, '127.0.0.1', resolve); });
    const address = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
    const through = async (environment: Record<string, string>): Promise<number> => {
      seen.length = 0;
      using connection = new HubConnection({ endpoint: hub.endpoint, environment, retry: { ...quick, attempts: 2 } });
      await readRepository(connection, fakeRepository, 'main');
      return seen.length;
    };
    try {
      assert.equal(await through({ HTTP_PROXY: address }), 1);
      assert.equal(await through({ HTTP_PROXY: address, NO_PROXY: '127.0.0.1' }), 0);
      assert.equal(await through({}), 0);
    } finally {
      proxy.close();
      proxy.closeAllConnections();
    }
  });

  test('Retry-After is understood as seconds and as a date; refusals are no passing failure', () => {
    assert.deepEqual(transientStatus(429, '3'), { retryAfterMs: 3000 });
    assert.deepEqual(transientStatus(503, 'Wed, 21 Oct 2015 07:28:00 GMT'), { retryAfterMs: 0 });
    assert.deepEqual(transientStatus(502, undefined), { retryAfterMs: undefined });
    assert.deepEqual([404, 401, 403, 410].map((status) => transientStatus(status, '1')), [undefined, undefined, undefined, undefined]);
  });
});
