import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, suite, test } from 'node:test';
import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { z } from 'zod';
import { isLongtakeError } from '../../../engine/protocol/errors.ts';
import { localShell } from '../../../engine/server/local-shell.ts';
import { stopLoading } from '../../../engine/server/stop-loading.ts';
import { startWebHost } from '../../../engine/server/web/host.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';
import { holdTurn, startEngine, untilQueue, type TestEngine } from '../support/engine.ts';

const scratch = scratchDirectory('openai-api');
const [video, unwatched, unknown] = ['a film 🎬.mp4', 'unwatched.mp4', 'unknown.mp4'].map((name) => path.join(scratch, name)) as [string, string, string];
let engine: TestEngine;
let openai: OpenAI;
let videoId: string;

const ours = z.object({
  video: z.object({ id: z.string(), title: z.string() }), coverage: z.object({ seconds: z.number(), complete: z.boolean() }), citations: z.array(z.unknown()),
  moments: z.array(z.object({ seconds: z.number(), share: z.number() })), ignored: z.array(z.string()),
});
const subscribeSchema = z.object({ type: z.literal('subscribe'), stream: z.literal('answer') });
const textSchema = z.object({ type: z.literal('event'), event: z.object({ kind: z.literal('text') }) });
const question = [{ role: 'user', content: 'What is there?' }] as const;
/** What the client's types do not know goes into the body as it is. */
const about = (name: string): object => ({ video: name });

function post(body: unknown, options: RequestInit = {}): Promise<Response> {
  return fetch(`${engine.host.origin}/v1/chat/completions`, {
    method: 'POST', headers: { authorization: `Bearer ${engine.host.token}`, 'content-type': 'application/json' }, body: JSON.stringify(body), ...options,
  });
}
const apiError = async (response: Response): Promise<{ status: number; code: string; param: string | null; message: string }> => {
  const { error } = z.object({ error: z.object({ code: z.string(), param: z.string().nullable(), message: z.string(), type: z.string() }) }).parse(await response.json());
  return { status: response.status, ...error };
};

before(async () => {
  await Promise.all([makeVideo(video, { seconds: 40 }), makeVideo(unwatched, { seconds: 20, width: 128 }), makeVideo(unknown, { seconds: 21, width: 192 })]);
  engine = await startEngine(path.join(scratch, 'home'));
  openai = new OpenAI({ apiKey: engine.host.token, baseURL: `${engine.host.origin}/v1`, maxRetries: 0 });
  const { results: [added] } = await engine.client.request('queue.add', { paths: [video] });
  assert.ok(added?.outcome === 'queued');
  videoId = added.videoId;
  await untilQueue(engine.client, (jobs) => jobs.length === 0);
});
after(async () => { await engine[Symbol.asyncDispose](); });

suite('OpenAI\'s own client', () => {
  test('lists the model in use, and once more for each video that was watched', async () => {
    const { data } = await openai.models.list();
    assert.deepEqual(data.map(({ id }) => id), ['longtake/demo', `longtake/demo/${videoId}`]);
    assert.equal((await openai.models.retrieve('longtake/demo')).owned_by, 'longtake');
    await assert.rejects(openai.models.retrieve('gpt-4'), (error) => error instanceof APIError && error.status === 404 && error.code === 'model_not_found');
  });

  test('gets a whole answer with its usage and reason, and what only Longtake has; nothing of it is kept', async () => {
    const completion = await openai.chat.completions.create({ model: 'longtake/demo', messages: [...question], max_tokens: 6, temperature: 0, user: 'me', ...about(video) });
    const [choice] = completion.choices;
    assert.equal(choice?.message.role, 'assistant');
    assert.ok((choice.message.content ?? '').length > 0);
    assert.equal(choice.finish_reason, 'length');
    const { usage } = completion;
    assert.equal(usage?.completion_tokens, 6);
    const { video_tokens: videoTokens } = z.object({ video_tokens: z.number() }).parse(usage.prompt_tokens_details);
    assert.ok(videoTokens > 0 && usage.prompt_tokens > videoTokens, 'what the video takes of the context is prompt');
    assert.equal(usage.total_tokens, usage.prompt_tokens + 6);
    const details = ours.parse((completion as { longtake?: unknown }).longtake);
    assert.deepEqual([details.video, details.coverage.seconds, details.coverage.complete, details.ignored], [{ id: videoId, title: path.basename(video) }, 40, true, ['user']]);
    assert.ok(details.moments.length > 0 && details.moments.every(({ seconds }) => seconds >= 0 && seconds < 40));
    assert.deepEqual((await engine.client.request('conversations.list', { videoId })).conversations, []);
  });

  test('gets the same answer as a stream, with the usage where it is asked for, and goes on with it as a conversation', async () => {
    const options = { model: 'longtake/demo', temperature: 0, max_tokens: 8 } as const;
    const named = [{ role: 'user', content: [{ type: 'video_url', video_url: { url: pathToFileURL(video).href } }, { type: 'text', text: 'What is there?' }] }];
    const whole = await openai.chat.completions.create({ ...options, messages: named as never });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of await openai.chat.completions.create({ ...options, messages: named as never, stream: true, stream_options: { include_usage: true } })) chunks.push(chunk);
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    assert.equal(text.trim(), whole.choices[0]?.message.content);
    assert.ok(chunks.length > 3);
    assert.deepEqual(chunks[0]?.choices[0]?.delta, { role: 'assistant', content: '' });
    assert.deepEqual([chunks.at(-2)?.choices[0]?.finish_reason, chunks.at(-1)?.choices, chunks.at(-1)?.usage?.completion_tokens], [whole.choices[0]?.finish_reason, [], whole.usage?.completion_tokens]);
    assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
    const next = await openai.chat.completions.create({ ...options, model: `longtake/demo/${videoId}`, messages: [...question, { role: 'assistant', content: text }, { role: 'user', content: 'And then?' }] });
    assert.ok((next.usage?.prompt_tokens ?? 0) > (whole.usage?.prompt_tokens ?? 0));
  });

  test('one seed samples one answer, and a stop string ends it', async () => {
    const sample = async (seed: number, stop?: string): Promise<string> =>
      (await openai.chat.completions.create({ model: 'longtake', messages: [...question], temperature: 2, seed, max_tokens: 12, ...stop && { stop }, ...about(videoId) })).choices[0]?.message.content ?? '';
    const said = await sample(1);
    assert.equal(await sample(1), said);
    assert.ok((await Promise.all([2, 3, 4].map((seed) => sample(seed)))).some((other) => other !== said), 'asked for at once, they wait their turn');
    const stop = said.slice(3, 6);
    assert.equal(await sample(1, stop), said.slice(0, said.indexOf(stop)).trim());
  });
});

suite('a request that is stopped', () => {
  const long = () => ({ model: 'longtake', messages: [...question], max_tokens: 4000, temperature: 2, ...about(videoId) });
  const failsWith = (status: number | undefined, code: string, words: RegExp) => (error: unknown): boolean => {
    assert.ok(error instanceof APIError);
    assert.deepEqual([error.status, error.code, error.type], [status, code, 'server_error']);
    assert.match(error.message, words);
    return true;
  };

  test('by its own program is over, whole or as a stream, and lets the next one have its turn', async () => {
    const release = holdTurn(engine);
    for (const stream of [false, true]) {
      const leaving = new AbortController();
      const asked = openai.chat.completions.create({ ...long(), stream }, { signal: leaving.signal });
      leaving.abort();
      await assert.rejects(asked, APIUserAbortError);
    }
    await release();
    const chunks = await openai.chat.completions.create({ ...long(), stream: true });
    for await (const { choices } of chunks) if (choices[0]?.delta.content) break; // closes the connection
    assert.equal((await openai.chat.completions.create({ ...long(), max_tokens: 1 })).choices[0]?.finish_reason, 'length');
    assert.ok(!engine.service.workspace.answers.isBusy);
  });

  test('by the user, who cancels the loading of the model, is 503 `cancelled`, which the client does not try again', async (context) => {
    const { changes, host } = engine.service.workspace;
    let requests = 0;
    const client = openai.withOptions({ maxRetries: 2, fetch: (...given) => {
      requests++;
      return fetch(...given);
    } });
    const listening = new AbortController();
    context.after(() => { listening.abort(); });
    changes.listen(({ topic }) => { if (topic === 'model' && host.status.state === 'loading') stopLoading(engine.service.workspace); }, listening.signal);
    for (const stream of [false, true]) {
      await engine.client.request('settings.change', { graphicsLimitBytes: stream ? 4e9 : 5e9 }); // the model is opened anew
      await assert.rejects(Promise.resolve(client.chat.completions.create({ ...long(), stream })), failsWith(503, 'cancelled', /loading of the model .* was cancelled in Longtake\. Asking again loads it\./u));
    }
    assert.equal(requests, 2);
    listening.abort();
    assert.equal((await client.chat.completions.create({ ...long(), max_tokens: 1 })).choices.length, 1);
  });

  test('by the end of Longtake is 503 `connection-lost`, and the last event of a stream that has begun, never an answer that looks whole', async () => {
    const shell = localShell(engine.service);
    const [first, second, closed] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const inLine = [first, second];
    // Sees who waits for an answer, and closes the host upon the very first word.
    await using closing = await startWebHost({ ...shell, connect() {
      const transport = shell.connect();
      return {
        ...transport,
        send(message) {
          transport.send(message);
          if (subscribeSchema.safeParse(message).success) inLine.shift()?.resolve(undefined);
        },
        onMessage(listener) {
          transport.onMessage((message) => {
            listener(message);
            if (textSchema.safeParse(message).success) closing[Symbol.asyncDispose]().then(() => { closed.resolve(undefined); }, closed.reject);
          });
        },
      };
    } });
    const client = openai.withOptions({ baseURL: `${closing.origin}/v1`, apiKey: closing.token });
    const release = holdTurn(engine);
    const stream = client.chat.completions.create({ ...long(), stream: true });
    await first.promise;
    const behind = assert.rejects(Promise.resolve(client.chat.completions.create(long())), failsWith(503, 'connection-lost', /ask again once Longtake is there/u));
    await second.promise;
    await release();
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    await assert.rejects(async () => { for await (const chunk of await stream) chunks.push(chunk); }, failsWith(undefined, 'connection-lost', /ask again once Longtake is there/u));
    assert.deepEqual(chunks.map(({ choices }) => choices[0]?.finish_reason), [null, null]);
    assert.notEqual(chunks[1]?.choices[0]?.delta.content, '');
    await behind;
    await closed.promise;
    await assert.rejects(Promise.resolve(client.models.list()), APIConnectionError);
  });
});

suite('requests', () => {
  test('a closed connection stops the answer, and the next one has its turn', async (context) => {
    const leaving = new AbortController();
    const { answers, host } = engine.service.workspace;
    const uses = context.mock.method(host, 'use').mock; // looks on; what it does is what it did
    const left = post({ messages: question, video: videoId, stream: true, max_tokens: 4000, temperature: 2 }, { signal: leaving.signal });
    const reader = (await left).body?.getReader();
    await reader?.read();
    assert.ok(answers.isBusy);
    leaving.abort();
    const next = await post({ messages: question, video: videoId, max_tokens: 1 });
    assert.equal(next.status, 200);
    assert.ok(!answers.isBusy);
    const ends = await Promise.allSettled(uses.calls.map(({ result }) => result));
    assert.equal(ends.filter((end) => end.status === 'rejected' && isLongtakeError(end.reason, 'cancelled')).length, 1);
  });

  test('a video that nobody watched is refused with what to do, and watched where that is asked for', async (context) => {
    const release = engine.service.workspace.queue.hold();
    context.after(release);
    const added = await engine.client.request('queue.add', { paths: [unwatched] });
    const [result] = added.results;
    assert.ok(result?.outcome === 'queued');
    await engine.client.request('queue.pause', { jobId: result.jobId });
    const body = { messages: question, max_tokens: 2 };
    for (const name of [result.videoId, unknown]) {
      const { status, code, message } = await apiError(await post({ ...body, video: name }));
      assert.deepEqual([status, code], [404, 'not-found']);
      assert.match(message, /"encode": true .*longtake ingest/u);
    }
    const paused = await apiError(await post({ ...body, video: result.videoId, encode: true }));
    assert.deepEqual([paused.status, paused.code], [503, 'cancelled']);
    assert.match(paused.message, /paused by somebody\. "longtake queue resume/u);
    await engine.client.request('queue.cancel', { jobId: result.jobId });
    release();
    for (const name of [result.videoId, unknown]) assert.equal((await post({ ...body, video: name, encode: true })).status, 200);
    assert.match(await (await post({ ...body, video: unknown, encode: true, stream: true })).text(), /data: \[DONE\]\n\n$/u);
  });

  test('what is wrong with one is said in OpenAI\'s shape', async () => {
    const cases: readonly [object, number, string, string | null][] = [
      [{ messages: question }, 400, 'bad-argument', 'video'],
      [{ messages: question, video: 'nothing.mp4' }, 404, 'not-found', null],
      [{ messages: question, video: videoId, model: 'gpt-4' }, 404, 'model_not_found', 'model'],
      [{ messages: [{ role: 'user', content: '  ' }], video: videoId }, 400, 'question-empty', null],
      [{ messages: [{ role: 'user', content: '7'.repeat(60_000) }], video: videoId }, 400, 'context_length_exceeded', null],
      [{ messages: [{ role: 'assistant', content: 'Hello.' }], video: videoId }, 400, 'bad-argument', null],
      [{ messages: question, video: videoId, range: { start_seconds: 100, end_seconds: 200 } }, 400, 'no-frames', null],
    ];
    for (const [body, status, code, param] of cases) {
      const found = await apiError(await post(body));
      assert.deepEqual([found.status, found.code, found.param], [status, code, param], JSON.stringify(body).slice(0, 200));
    }
    assert.equal((await apiError(await post(undefined, { body: 'not JSON' }))).param, 'body');
    assert.equal((await apiError(await post(undefined, { body: `"${'x'.repeat(2 ** 20)}"` }))).param, 'body');
    assert.equal((await fetch(`${engine.host.origin}/v1/chat/completions`, { headers: { authorization: `Bearer ${engine.host.token}` } })).status, 405);
  });

  test('come with the token, from this machine, and from no other page', async () => {
    const key = { authorization: `Bearer ${engine.host.token}` };
    const models = (headers: Record<string, string>): Promise<Response> => fetch(`${engine.host.origin}/v1/models`, { headers });
    const { status, code, message } = await apiError(await models({ authorization: 'Bearer wrong' }));
    assert.deepEqual([status, code], [401, 'invalid_api_key']);
    assert.match(message, /host\.json/u);
    assert.equal((await apiError(await models({ ...key, origin: 'http://evil.example' }))).status, 403);
    assert.equal((await models(key)).status, 200);
    assert.equal((await fetch(`${engine.host.origin}/v1/embeddings`, { headers: key })).status, 404);
  });
});
