import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { connectEngine } from '../../engine/protocol/envelope-client.ts';
import { protocolVersion, type ServerMessage } from '../../engine/protocol/envelope.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { applyConversationEvent } from '../../engine/protocol/events.ts';
import { parseRange } from '../../engine/server/byte-range.ts';
import { serveConnection } from '../../engine/server/connection.ts';
import { changedFrom } from '../../engine/server/message-view.ts';
import { openEngineService, type EngineService } from '../../engine/server/workspace.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { transportPair } from '../../engine/server/local-shell.ts';
import { until } from './support/engine.ts';

const scratch = scratchDirectory('connection');
const hello = { type: 'hello', version: protocolVersion };
let service: EngineService;

before(async () => {
  process.env['LONGTAKE_HOME'] = path.join(scratch, 'home');
  service = await openEngineService();
});
after(async () => { await service[Symbol.asyncDispose](); });

/** Sends raw messages and gives the first `count` that come back, or all until the engine closes the connection. */
async function exchange(messages: readonly unknown[], count: number): Promise<ServerMessage[]> {
  const [ours, theirs] = transportPair();
  serveConnection(theirs, service);
  const received: ServerMessage[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  ours.onMessage((message) => {
    received.push(message as ServerMessage);
    if (received.length === count) resolve(undefined);
  });
  for (const message of messages) ours.send(message);
  await promise;
  ours.close();
  return received;
}

const errorCode = (message: ServerMessage | undefined): string | undefined => (message?.type === 'error' ? message.error.code : undefined);

suite('the envelope', () => {
  test('an engine of another version says so before anything else', async () => {
    const [reply] = await exchange([{ type: 'hello', version: protocolVersion + 1 }], 1);
    assert.equal(errorCode(reply), 'newer-version');
    const [early] = await exchange([{ type: 'request', id: 1, method: 'app.info', params: {} }], 1);
    assert.equal(errorCode(early), 'bad-argument');
  });

  test('what is no message ends the connection with a reason', async () => {
    for (const message of [null, 7, 'hello', [], { type: 'shutdown' }, { ...hello, token: 'x' }, { type: 'request', id: -1, method: 'app.info' }]) {
      assert.equal(errorCode((await exchange([message], 1))[0]), 'bad-argument', JSON.stringify(message));
    }
  });

  test('errors carry the id, a code, a sentence and data, and the connection goes on', async () => {
    const [greeting, unknown, params, prototype, stream, missing, info] = await exchange([
      hello,
      { type: 'request', id: 1, method: 'no.such', params: {} },
      { type: 'request', id: 2, method: 'library.get', params: { videoId: 'x', path: '/etc/passwd' } },
      { type: 'request', id: 3, method: 'constructor', params: {} },
      { type: 'subscribe', id: 4, stream: 'everything', params: {} },
      { type: 'subscribe', id: 5, stream: 'conversation', params: { conversationId: 'none' } },
      { type: 'request', id: 6, method: 'app.info' },
    ], 7).then((all) => all.sort((one, other) => ('id' in one ? one.id ?? 0 : 0) - ('id' in other ? other.id ?? 0 : 0)));
    assert.deepEqual(greeting?.type, 'hello');
    assert.deepEqual([unknown, params, prototype, stream, missing].map(errorCode), ['bad-argument', 'bad-argument', 'bad-argument', 'bad-argument', 'not-found']);
    assert.ok(params?.type === 'error' && params.error.message.includes('path') && typeof params.error.data === 'object');
    assert.ok(!params.error.message.includes('key') && String(params.error.data['issues']).includes('Unrecognized key'), 'a person gets a sentence, a programmer what the schema says');
    assert.equal(info?.type, 'reply');
  });

  test('an id that is in use is refused, and a closed window\'s streams end', async () => {
    const replies = await exchange([hello, { type: 'subscribe', id: 1, stream: 'queue', params: {} }, { type: 'subscribe', id: 1, stream: 'queue', params: {} }], 3);
    assert.ok(replies.some((reply) => errorCode(reply) === 'bad-argument'));
    const [ours, theirs] = transportPair();
    serveConnection(theirs, service);
    const client = connectEngine(ours);
    let events = 0;
    await until((onEvent) => client.subscribe('settings', {}, (event) => { events++; onEvent(event); }), () => true);
    await until((onEvent) => client.subscribe('settings', {}, onEvent), () => true);
    client.close();
    const before = events;
    service.workspace.changes.emit({ topic: 'settings' });
    await new Promise((resolve) => setTimeout(resolve, 250)); // longer than a stream's pause
    assert.equal(events, before);
    await assert.rejects(client.request('app.info', {}), (error) => isLongtakeError(error, 'connection-lost'));
  });

  test('a request is cancelled by its caller', async () => {
    const [ours, theirs] = transportPair();
    serveConnection(theirs, service);
    const client = connectEngine(ours);
    const controller = new AbortController();
    const verifying = client.request('models.verify', { name: 'demo' }, { signal: controller.signal, onProgress: () => { controller.abort(); } });
    await assert.rejects(verifying, (error) => isLongtakeError(error, 'cancelled'));
    assert.ok((await client.request('models.verify', { name: 'demo' })).files > 0);
    client.close();
  });
});

suite('settings and diagnostics', () => {
  test('settings are merged by key, kept, and pushed', async () => {
    const [ours, theirs] = transportPair();
    serveConnection(theirs, service);
    const client = connectEngine(ours);
    const pushed = until<{ interface: Record<string, unknown> }>((onEvent) => client.subscribe('settings', {}, onEvent), (settings) => settings.interface['theme'] === 'dark');
    await client.request('settings.change', { provider: 'cpu', interface: { theme: 'dark', rail: 240 } });
    await pushed;
    const changed = await client.request('settings.change', { interface: { rail: null } });
    assert.deepEqual(changed.interface, { theme: 'dark' });
    assert.deepEqual([changed.provider, changed.model, changed.maxNewTokens], ['cpu', 'demo', 256]);
    await assert.rejects(client.request('settings.change', { maxNewTokens: 0 }), (error) => isLongtakeError(error, 'bad-argument'));
    assert.deepEqual(await client.request('settings.get', {}), changed);
    client.close();
  });

  test('another model is taken up, and a missing one is said in the model\'s status', async () => {
    const [ours, theirs] = transportPair();
    serveConnection(theirs, service);
    const client = connectEngine(ours);
    await client.request('settings.change', { model: 'no-such-model' });
    assert.ok((await client.request('models.list', {})).models.some(({ name }) => name === 'demo'));
    const status = await until<{ state: string; error?: { code: string } | undefined }>((onEvent) => client.subscribe('model', {}, onEvent), ({ state }) => state === 'failed');
    assert.equal(status.error?.code, 'model-not-found');
    await client.request('settings.change', { model: 'demo' });
    const { models } = await client.request('models.list', {});
    assert.deepEqual(models.filter(({ inUse }) => inUse).map(({ name }) => name), ['demo']);
    client.close();
  });

  test('diagnostics name versions, devices and why one was refused', async () => {
    const [ours, theirs] = transportPair();
    serveConnection(theirs, service);
    const client = connectEngine(ours);
    const { versions, ffmpeg, model, memoryBytes } = await client.request('app.diagnostics', {});
    assert.match(versions['onnxruntime-node'] ?? '', /^\d+\.\d+\.\d+$/);
    assert.ok('version' in ffmpeg && ffmpeg.version.startsWith('ffmpeg version'));
    assert.equal(model.provider, 'cpu');
    assert.ok(memoryBytes > 0);
    client.close();
  });
});

test('the engine runs as a child of a shell, for several windows over one channel', { timeout: 240_000 }, async () => {
  const child = fork(path.join(import.meta.dirname, '../../engine/server/child.ts'), {
    env: { ...process.env, LONGTAKE_HOME: path.join(scratch, 'child') }, execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  await new Promise((resolve) => child.once('message', resolve));
  const connect = (client: number): ReturnType<typeof connectEngine> => connectEngine({
    send: (message) => { child.send({ client, message: message as object }); },
    onMessage: (listener) => { child.on('message', (raw: { client: number; message?: unknown }) => { if (raw.client === client && 'message' in raw) listener(raw.message); }); },
    onClose: () => undefined,
    close: () => { child.send({ client, closed: true }); },
  });
  const [one, two] = [connect(1), connect(2)];
  assert.equal((await one.request('app.info', {})).processId, child.pid);
  const seen = until<{ interface: Record<string, unknown> }>((onEvent) => two.subscribe('settings', {}, onEvent), (settings) => settings.interface['theme'] === 'light');
  await one.request('settings.change', { interface: { theme: 'light' } });
  await seen;
  one.close();
  assert.equal((await two.request('app.info', {})).processId, child.pid);
  child.disconnect();
  assert.equal(await exit, 0);
});

suite('small parts', () => {
  test('Range as RFC 9110 has it', () => {
    const cases: [string | undefined, number, ReturnType<typeof parseRange>][] = [
      [undefined, 100, 'whole'], ['bytes=0-', 100, { start: 0, end: 99 }], ['bytes=10-19', 100, { start: 10, end: 19 }], ['bytes=90-500', 100, { start: 90, end: 99 }],
      ['bytes=-30', 100, { start: 70, end: 99 }], ['bytes=-300', 100, { start: 0, end: 99 }], ['bytes=100-', 100, 'unsatisfiable'], ['bytes=-0', 100, 'unsatisfiable'],
      ['bytes=0-', 0, 'unsatisfiable'], ['bytes=5-2', 100, 'whole'], ['bytes=-', 100, 'whole'], ['bytes=0-1,5-6', 100, 'whole'], ['frames=0-1', 100, 'whole'], ['bytes=a-b', 100, 'whole'],
    ];
    for (const [header, byteLength, expected] of cases) assert.deepEqual(parseRange(header, byteLength), expected, `${header} of ${byteLength}`);
  });

  test('a conversation is kept up to date by what changed, and by pieces of text at their places', () => {
    const message = (id: string, content: string): Parameters<typeof applyConversationEvent>[0][number] => ({ id, parentId: null, role: 'assistant', content, createdAtMs: 0, siblingIds: [id] });
    const start = [message('a', 'one'), message('b', 'two')];
    const branched = applyConversationEvent(start, { kind: 'messages', from: 1, messages: [message('c', '')] });
    assert.deepEqual(branched.map(({ id }) => id), ['a', 'c']);
    const written = applyConversationEvent(applyConversationEvent(branched, { kind: 'text', messageId: 'c', offset: 0, text: 'he' }), { kind: 'text', messageId: 'c', offset: 2, text: 'llo' });
    assert.equal(applyConversationEvent(written, { kind: 'text', messageId: 'c', offset: 2, text: 'llo' })[1]?.content, 'hello');
    assert.equal(changedFrom(['a', 'b', 'c'], ['a', 'x', 'c']), 1);
    assert.equal(changedFrom(['a'], ['a', 'b']), 1);
    assert.equal(changedFrom(['a', 'b'], ['a']), 1);
  });
});
