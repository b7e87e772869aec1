import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { streams } from '../../engine/protocol/events.ts';
import { methods } from '../../engine/protocol/methods.ts';
import { openEngineService } from '../../engine/server/workspace.ts';
import { runCli } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';
import { startEngine, untilQueue } from './support/engine.ts';

const scratch = scratchDirectory('interrupted');

/** The demo model, but what it samples is noise: so one sees which answers are sampled. */
async function addWildModel(home: string): Promise<void> {
  const folder = path.join(scratch, 'wild');
  cpSync(path.join(import.meta.dirname, '../../resources/model'), folder, { recursive: true });
  const file = path.join(folder, 'generation_config.json');
  writeFileSync(file, JSON.stringify({ ...z.looseObject({}).parse(JSON.parse(readFileSync(file, 'utf8'))), temperature: 1000, top_p: 1, top_k: 0 }));
  const { code, stderr } = await runCli(home, ['models', 'add', folder]);
  assert.equal(code, 0, stderr);
}

test('an answer that the engine ended with keeps what was said, says so, and can be asked for again', async () => {
  const video = path.join(scratch, 'film.mp4');
  await makeVideo(video, { seconds: 10 });
  const home = path.join(scratch, 'home');
  await addWildModel(home);
  const engine = await startEngine(home);
  await engine.client.request('settings.change', { model: 'wild' });
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
