import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, suite, test } from 'node:test';
import { openLibrary, type Library } from '../../engine/library/index.ts';
import { runCli, runJson } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const scratch = scratchDirectory('library-commands');
const home = path.join(scratch, 'home');
const [first, second, text] = ['first.mp4', 'second.mp4', 'text.mp4'].map((name) => path.join(scratch, name)) as [string, string, string];
let conversationId: string;

type Job = { readonly id: string; readonly state: string };
/** Every start of the command line takes half a second: what came of it is looked up here. */
const stored = <Result>(read: (library: Library) => Result): Result => {
  using library = openLibrary(path.join(home, 'library.sqlite'));
  return read(library);
};
const errorCode = ({ value }: { readonly value: Record<string, unknown> }): string => (value['error'] as { code: string }).code;

before(async () => {
  await Promise.all([makeVideo(first, { seconds: 20 }), makeVideo(second, { seconds: 20, width: 128 })]);
  writeFileSync(text, 'this is no film');
  const added = await runJson(home, ['queue', 'add', first, second, text]);
  assert.equal(added.code, 3, 'one of them was refused');
  const results = added.value['results'] as { outcome: string; videoId?: string }[];
  assert.deepEqual(results.map(({ outcome }) => outcome), ['queued', 'queued', 'refused']);
  conversationId = stored(({ conversations, messages }) => {
    const { id: made } = conversations.create({ videoId: results[0]?.videoId ?? '', title: 'The kite' });
    const { id } = messages.append({ conversationId: made, parentId: null, role: 'user', content: 'When does the kite appear?' });
    messages.append({ conversationId: made, parentId: id, role: 'assistant', content: 'At 0:07.', data: { ended: 'complete' } });
    return made;
  });
});

suite('the queue, with no app open', () => {
  test('a job is paused and moved, by its id or its video, and nothing of it is run', async () => {
    const [one, other] = stored(({ jobs }) => jobs.list());
    const paused = await runJson(home, ['queue', 'pause', first]);
    assert.deepEqual([paused.value['jobId'], (paused.value['job'] as Job).state], [one?.id, 'paused']);
    const moved = await runJson(home, ['queue', 'move', 'second.mp4', '--before', one?.id ?? '']);
    assert.deepEqual((moved.value['jobs'] as Job[]).map(({ id, state }) => [id, state]), [[other?.id, 'queued'], [one?.id, 'paused']]);
    assert.equal((await runCli(home, ['queue', 'remove', 'second.mp4'])).stdout, 'second.mp4 is out of the queue.\n');
    const again = await runJson(home, ['queue', 'cancel', second]);
    assert.deepEqual([again.code, errorCode(again)], [3, 'not-found']);
  });
});

suite('conversations', () => {
  test('are listed with their video, and one is shown by the beginning of its id', async () => {
    const [listed] = (await runJson(home, ['conversations'])).value['conversations'] as { id: string; title: string; video: string }[];
    assert.deepEqual([listed?.id, listed?.title, listed?.video], [conversationId, 'The kite', 'first.mp4']);
    const { stdout } = await runCli(home, ['conversations', 'show', conversationId.slice(0, 8)]);
    assert.match(stdout, /# The kite[^]*When does the kite appear\?[^]*At 0:07\./u);
  });

  test('one is written into a file, and over an existing one only when asked to', async () => {
    const file = path.join(scratch, 'kite.json');
    const exported = await runJson(home, ['conversations', 'export', 'The kite', file, '--format', 'json']);
    assert.deepEqual([exported.code, exported.value['file'], exported.value['byteLength']], [0, file, readFileSync(file).length]);
    assert.equal((JSON.parse(readFileSync(file, 'utf8')) as { title: string }).title, 'The kite');
    writeFileSync(file, 'mine');
    const refused = await runJson(home, ['conversations', 'export', conversationId, file]);
    assert.deepEqual([refused.code, errorCode(refused), readFileSync(file, 'utf8')], [2, 'bad-argument', 'mine']);
  });

  test('one is found, renamed, removed and brought back', async () => {
    const { value } = await runJson(home, ['search', 'kite appear']);
    assert.deepEqual((value['hits'] as { kind: string; conversationId: string }[]).map((hit) => [hit.kind, hit.conversationId]), [['message', conversationId]]);
    assert.equal(((await runJson(home, ['conversations', 'rename', 'The kite', 'Wind'])).value['conversation'] as { title: string }).title, 'Wind');
    assert.equal((await runCli(home, ['conversations', 'remove', 'Wind'])).code, 0);
    assert.deepEqual(stored(({ conversations }) => [conversations.list().length, conversations.list({ removed: true }).length]), [0, 1]);
    assert.equal((await runCli(home, ['conversations', 'restore', conversationId])).code, 0);
    assert.equal(stored(({ conversations }) => conversations.get(conversationId)).removedAtMs, null);
  });
});

suite('settings', () => {
  test('one is changed; what is no value of it, or no model, is refused with what there is', async () => {
    assert.deepEqual((await runJson(home, ['settings', 'set', 'maxNewTokens', '64'])).value, { key: 'maxNewTokens', value: 64 });
    const [key, value, model] = await Promise.all([
      runCli(home, ['settings', 'get', 'colour']), runCli(home, ['settings', 'set', 'provider', 'abacus']), runCli(home, ['settings', 'set', 'model', 'dmeo'])]);
    assert.deepEqual([key.code, value.code, model.code], [2, 2, 4]);
    assert.match(key.stderr, /There are: model, provider/u);
    assert.match(value.stderr, /"cpu"/u);
    assert.match(model.stderr, /There are: demo/u);
    const { settings } = (await runJson(home, ['settings'])).value as { settings: Record<string, unknown> };
    assert.deepEqual([settings['maxNewTokens'], settings['model'], settings['interface']], [64, 'demo', undefined]);
  });
});
