import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { streams } from '../../engine/protocol/events.ts';
import { methods } from '../../engine/protocol/methods.ts';
import { openEngineService } from '../../engine/server/workspace.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { startEngine, untilQueue } from './support/engine.ts';

const scratch = scratchDirectory('interrupted');

test('an answer that the engine ended with keeps what was said, says so, and can be asked for again', async () => {
  const video = path.join(scratch, 'film.mp4');
  await makeVideo(video, { seconds: 10 });
  const engine = await startEngine(path.join(scratch, 'home'));
  const { results: [added] } = await engine.client.request('queue.add', { paths: [video] });
  assert.ok(added?.outcome === 'queued');
  await untilQueue(engine.client, (jobs) => jobs.length === 0);
  const { id: conversationId } = await engine.client.request('conversations.create', { videoId: added.videoId });
  const { promise: closed, resolve, reject } = Promise.withResolvers<undefined>();
  const listening = new AbortController();
  engine.service.workspace.changes.listen((change) => {
    if (change.topic !== 'text') return;
    listening.abort();
    engine[Symbol.asyncDispose]().then(() => { resolve(undefined); }, reject);
  }, listening.signal);
  const { answerId } = await engine.client.request('messages.ask', { conversationId, question: 'What is there?' });
  await closed;

  await using again = await openEngineService();
  const { handlers, workspace } = again;
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  const [question, answer] = (await handlers['messages.list']({ conversationId }, context)).messages;
  assert.equal(answer?.answer?.state, 'interrupted');
  assert.notEqual(answer.content, '');
  // A process that is killed cannot write an ending: what it had begun reads the same.
  const begun = workspace.library.messages.append({ conversationId, parentId: question?.id ?? '', role: 'assistant', content: 'The to', data: { state: 'writing' } });
  const [, killed] = (await handlers['messages.list']({ conversationId }, context)).messages;
  assert.deepEqual([killed?.id, killed?.answer?.state, killed?.content], [begun.id, 'interrupted', 'The to']);
  // Nothing came to its end, so it is the likeliest words that are said now: those that had begun.
  const asked = await handlers['messages.regenerate']({ answerId }, context);
  assert.equal(asked.questionId, question?.id);
  const said = (): string => workspace.library.messages.get(asked.answerId).content;
  while (said().length <= answer.content.length) await setTimeout(20);
  assert.ok(said().startsWith(answer.content), `${answer.content} -> ${said()}`);
});

test('docs/protocol.md names every method and stream', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/protocol.md'), 'utf8');
  for (const name of [...Object.keys(methods), ...Object.keys(streams)]) assert.ok(text.includes(`\`${name}\``), name);
});
