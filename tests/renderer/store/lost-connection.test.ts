import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { isLongtakeError } from '../../../engine/protocol/errors.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { startApp, type TestApp } from '../support/app.ts';

const scratch = scratchDirectory('lost-connection');
let app: TestApp;
const state = (): ReturnType<TestApp['store']['getState']> => app.store.getState();
const isConnected = ({ link }: { readonly link: string }): boolean => link === 'connected';
const words = (): readonly string[] => state().notices.map((notice) => notice.kind === 'error' ? `${notice.subject ?? ''}: ${notice.text}` : notice.kind);

before(async () => { app = await startApp(path.join(scratch, 'home')); });
after(async () => { await app[Symbol.asyncDispose](); });

suite('a connection that ends and comes back', () => {
  test('what was only looked up is asked again of the next engine, and nothing is said of it', async () => {
    let asked: Promise<{ readonly engine: string }> | undefined;
    await app.loseConnection(() => { asked = app.link.request('app.info', {}).then(({ version }) => ({ engine: version })); });
    assert.equal(state().link, 'lost');
    assert.match((await asked)?.engine ?? '', /^\d/u);
    assert.deepEqual(words(), []);
  });

  test('what a person has arranged meanwhile is kept', async () => {
    await app.when(isConnected);
    await app.loseConnection(() => { state().remember({ railCollapsed: true }); });
    state().remember({ railWidth: 333 });
    const { settings } = await app.when((now) => now.settings?.interface['railWidth'] === 333);
    assert.equal(settings?.interface['railCollapsed'], true);
    assert.deepEqual(words(), []);
  });

  test('what may have been done is not done twice: that is said for as long as there is no connection', async () => {
    await app.when(isConnected);
    let failed: Promise<unknown> | undefined;
    await app.loseConnection(() => { failed = state().attempt(() => app.link.request('queue.addSample', {})); });
    await failed;
    assert.equal(words().length, 1);
    assert.match(words()[0] ?? '', /connection to the engine has ended/u);
    await app.when(isConnected);
    assert.deepEqual(words(), []);
  });

  test('long work that it has broken off stays said, with its name', async () => {
    let broken: Promise<unknown> | undefined;
    await app.loseConnection(() => { broken = state().work('import', 'farm.longtake', (options) => app.link.request('archive.import', { file: '/nowhere' }, options)); });
    await broken;
    await app.when(isConnected);
    assert.equal(words().length, 1);
    assert.match(words()[0] ?? '', /^farm\.longtake: /u);
  });

  test('a request that is made without a connection waits for the next', async () => {
    await app.loseConnection();
    assert.equal(state().link, 'lost');
    await assert.rejects(app.link.request('library.get', { videoId: 'none' }), (error) => isLongtakeError(error, 'not-found'));
  });
});
