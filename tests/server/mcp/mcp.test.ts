import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { z } from 'zod';
import { openLibrary } from '../../../engine/library/index.ts';
import { announceHost } from '../../../engine/server/web/running-host.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo, makeWaitingFfmpeg } from '../../support/videos.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

const scratch = scratchDirectory('mcp');
const [home, video] = [path.join(scratch, 'home'), path.join(scratch, 'film.mp4')];
const frameBytes = 112 * 112 * 3;
let client: Client;
let release: () => void;
let videoId: string;

/** The command line as an assistant's program starts it. */
async function connect(environment: Record<string, string>): Promise<Client> {
  const made = new Client({ name: 'test', version: '1.0.0' });
  await made.connect(new StdioClientTransport({
    command: process.execPath, args: ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, '../../../engine/cli/main.ts'), 'mcp'],
    env: { ...Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))), LONGTAKE_HOME: home, ...environment },
    stderr: 'ignore',
  }));
  return made;
}

type Outcome = { readonly text: string; readonly data: unknown; readonly images: readonly { mimeType: string; data: string }[]; readonly failed: boolean };

async function call(name: string, given: Record<string, unknown>, from = client, onprogress?: (progress: { progress: number; message?: string | undefined }) => void): Promise<Outcome> {
  const { content, structuredContent, isError } = await from.callTool({ name, arguments: given }, { ...onprogress && { onprogress } });
  return {
    data: structuredContent, failed: isError === true, text: content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n'),
    images: content.flatMap((part) => (part.type === 'image' ? [part] : [])),
  };
}

before(async () => {
  await makeVideo(video, { seconds: 100 });
  writeFileSync(path.join(scratch, 'film.srt'), '1\n00:00:03,000 --> 00:00:05,000\nA red kite!\n\n2\n00:01:10,000 --> 00:01:12,000\nIt is gone.\n');
  const ffmpeg = await makeWaitingFfmpeg(scratch, 70 * frameBytes);
  release = ffmpeg.release;
  client = await connect(ffmpeg.environment);
});
after(async () => { await client.close(); });

suite('longtake mcp', () => {
  test('describes its tools, and which of them change nothing', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name).sort(), ['ask_video', 'get_conversation', 'get_frames', 'get_subtitles', 'list_videos', 'search_library', 'watch_video']);
    for (const { name, description = '', inputSchema, outputSchema, annotations } of tools) {
      assert.ok(description.length > 80 && inputSchema.type === 'object' && outputSchema?.type === 'object', name);
      assert.ok(readFileSync(path.join(import.meta.dirname, '../../../docs/automation.md'), 'utf8').includes(`| \`${name}\` |`), `${name} is in docs/automation.md`);
      assert.deepEqual([annotations?.readOnlyHint, annotations?.destructiveHint, annotations?.openWorldHint], [name !== 'watch_video', false, false], name);
    }
    assert.match(client.getInstructions() ?? '', /watch_video/u);
  });

  test('watches a video, says how far it is, and finds it in the library', async () => {
    assert.match((await call('list_videos', {})).text, /There is none/u);
    const shares: number[] = [];
    const watched = await call('watch_video', { video }, client, ({ progress }) => { shares.push(progress); release(); });
    const data = z.object({ videoId: z.string(), watched: z.literal('yes'), coverageSeconds: z.literal(100) }).parse(watched.data);
    videoId = data.videoId;
    assert.ok(shares.length > 0 && shares.every((share, index) => share >= 0 && share <= 1 && share > (shares[index - 1] ?? -1)), String(shares));
    const { videos, total } = z.object({ videos: z.array(z.object({ id: z.string(), title: z.string(), watched: z.string() })), total: z.int() }).parse((await call('list_videos', { title: 'FILM' })).data);
    assert.deepEqual([videos, total], [[{ id: videoId, title: 'film.mp4', watched: 'yes' }], 1]);
    assert.equal((await call('watch_video', { video: 'film.mp4', wait: false })).failed, false);
  });

  test('answers about the video, about a range of it, and about what was asked before; nothing is kept', async () => {
    const schema = z.object({ answer: z.string().min(1), videoId: z.string(), model: z.literal('demo'), notice: z.string(), lookedAt: z.array(z.object({ seconds: z.number() })), complete: z.literal(true) });
    const whole = schema.parse((await call('ask_video', { video: 'film.mp4', question: 'What is there?' })).data);
    assert.match(whole.notice, /Pebble Town/u);
    const part = schema.parse((await call('ask_video', {
      video, question: 'And then?', range: { startSeconds: 40, endSeconds: 60 }, history: [{ question: 'What is there?', answer: whole.answer }],
    })).data);
    assert.ok(part.lookedAt.length > 0 && part.lookedAt.every(({ seconds }) => seconds >= 39 && seconds <= 61), JSON.stringify(part.lookedAt));
    assert.match((await call('get_conversation', { video: videoId })).text, /There is none/u);
  });

  test('shows frames as pictures, each with its own second', async () => {
    const { images, data } = await call('get_frames', { video: videoId, seconds: [3.4, 99.1] });
    assert.deepEqual(images.map(({ mimeType, data: base64 }) => [mimeType, Buffer.from(base64, 'base64').subarray(0, 3).toString('hex')]), [['image/jpeg', 'ffd8ff'], ['image/jpeg', 'ffd8ff']]);
    const { frames } = z.object({ frames: z.array(z.object({ askedSeconds: z.number(), seconds: z.number() })) }).parse(data);
    assert.deepEqual(frames, [{ askedSeconds: 3.4, seconds: 3.4 }, { askedSeconds: 99.1, seconds: 99.1 }]);
    renameSync(video, `${video}.away`);
    const [small] = (await call('get_frames', { video: videoId, seconds: [3.4] })).images;
    renameSync(`${video}.away`, video);
    assert.ok((small?.data.length ?? 0) > 100 && (small?.data.length ?? 0) < (images[0]?.data.length ?? 0), 'the memory has a smaller one');
  });

  test('reads subtitles of a range, and finds their words', async () => {
    assert.equal((await call('get_subtitles', { video })).text, '0:03  A red kite!\n1:10  It is gone.');
    assert.equal((await call('get_subtitles', { video, startSeconds: 60 })).text, '1:10  It is gone.');
    const { hits } = z.object({ hits: z.array(z.object({ kind: z.string(), seconds: z.number().nullable(), videoId: z.string() })) }).parse((await call('search_library', { query: 'kite' })).data);
    assert.deepEqual(hits, [{ kind: 'subtitle', seconds: 3, videoId }]);
  });

  test('reads a conversation', async () => {
    const conversationId = ((): string => {
      using library = openLibrary(path.join(home, 'library.sqlite'));
      const { id } = library.conversations.create({ videoId, title: 'The kite' });
      library.messages.append({ conversationId: id, parentId: null, role: 'user', content: 'Where is it?' });
      return id;
    })();
    assert.match((await call('get_conversation', { video })).text, new RegExp(`^The kite, .* id ${conversationId}$`, 'u'));
    assert.equal((await call('get_conversation', { conversationId })).text, 'user: Where is it?');
  });

  test('what cannot be done is said to the assistant, with what to do', async () => {
    const failures = await Promise.all([
      call('ask_video', { video: 'none.mp4', question: 'What?' }), call('watch_video', { video: path.join(scratch, 'none.mp4') }),
      call('get_subtitles', { video, language: 'tlh' }), call('get_conversation', {}), call('ask_video', { video, question: ' ' }), call('watch_video', { video: scratch }),
    ]);
    assert.deepEqual(failures.map(({ failed, text }) => [failed, /\[([\w-]+)\]$/u.exec(text)?.[1]]), [
      [true, 'not-found'], [true, 'file-not-found'], [true, 'not-found'], [true, 'bad-argument'], [true, 'question-empty'], [true, 'bad-argument']]);
  });
});

suite('a web host', () => {
  let engine: TestEngine;
  let end: () => Promise<void>;
  before(async () => {
    const environment = process.env['LONGTAKE_HOME'];
    engine = await startEngine(home);
    const withdraw = announceHost(home, engine.host);
    let ended: Promise<void> | undefined;
    const endNow = async (): Promise<void> => {
      await engine[Symbol.asyncDispose]();
      withdraw();
      if (environment === undefined) delete process.env['LONGTAKE_HOME'];
      else process.env['LONGTAKE_HOME'] = environment;
    };
    end = () => (ended ??= endNow());
  });
  after(() => end());

  test('has the same tools at /mcp, for who has its token', async () => {
    const url = new URL('/mcp', engine.host.origin);
    const authorization = `Bearer ${engine.host.token}`;
    const over = new Client({ name: 'test', version: '1.0.0' });
    await over.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization } } }));
    assert.equal((await over.listTools()).tools.length, 7);
    const messages: (string | undefined)[] = [];
    const { failed, text } = await call('ask_video', { video: 'film.mp4', question: 'What is there?' }, over, ({ message }) => { messages.push(message); });
    assert.ok(!failed && messages.includes('Recalling the memory'), `${text} ${String(messages)}`);
    await over.close();
    const post = (headers: Record<string, string>, body = '{}'): Promise<Response> => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
    assert.deepEqual([(await post({})).status, (await post({ authorization, origin: 'http://evil.example' })).status, (await post({ authorization }, 'x'.repeat(2 ** 20 + 1))).status], [401, 403, 413]);
  });

  test('lends its engine to longtake mcp, which takes one of its own once that has ended', async (context) => {
    const beside = await connect({});
    context.after(() => beside.close());
    const asked = context.mock.method(engine.service.workspace.library.videos, 'list').mock;
    const calls = asked.callCount();
    assert.match((await call('list_videos', {}, beside)).text, /film\.mp4/u);
    assert.ok(asked.callCount() > calls, 'this engine was asked');
    await end();
    assert.match((await call('list_videos', {}, beside)).text, /film\.mp4/u);
  });
});
