import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import path from 'node:path';
import { suite, test } from 'node:test';
import { connectEngine, type EngineClient } from '../../engine/protocol/envelope-client.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { startEngineProcess, type EngineProcess } from '../../engine/server/engine-process.ts';
import { findRunningHost } from '../../engine/server/web/running-host.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { connectTo } from './support/engine.ts';

const scratch = scratchDirectory('program-door');
const start = (home: string, offersPrograms: boolean): EngineProcess => startEngineProcess({ offersPrograms, environment: { LONGTAKE_HOME: path.join(scratch, home) } });
const clientOf = (engine: EngineProcess): EngineClient => connectEngine(engine.connect());

type Open = { readonly api: string; readonly mcp: string; readonly key: string };
function opened({ api, mcp, key }: MethodResult<'programs.get'>): Open {
  assert.ok(api !== undefined && mcp !== undefined && key !== undefined);
  return { api, mcp, key };
}
const models = async ({ api }: Pick<Open, 'api'>, key: string): Promise<Response> => await fetch(`${api}/models`, { headers: { authorization: `Bearer ${key}` } });

suite('the door for other programs', () => {
  test('a desktop app opens none until it is told to; then whoever has the key reaches the same engine, over API, socket and the note of a host', async () => {
    await using engine = start('home', true);
    const page = clientOf(engine);
    assert.deepEqual(await page.request('programs.get', {}), { offered: true, on: false });
    const door = opened(await page.request('programs.set', { on: true }));
    assert.match(door.api, /^http:\/\/127\.0\.0\.1:\d+\/v1$/u);
    assert.equal((await models(door, `${door.key}x`)).status, 401);
    const answer = await models(door, door.key);
    assert.equal(answer.status, 200);
    assert.equal((await answer.json() as { object: string }).object, 'list');
    const { origin } = new URL(door.api);
    const other = await connectTo(origin, door.key);
    assert.equal((await other.request('app.info', {})).processId, engine.processId);
    await other.request('settings.change', { maxNewTokens: 77 });
    assert.equal((await page.request('settings.get', {})).maxNewTokens, 77);
    assert.ok((await findRunningHost(path.join(scratch, 'home')))?.address.startsWith(origin));

    // Turned off, it is gone, with those who came by it; the app's own window stays.
    const closed = new Promise<void>((resolve) => { other.subscribe('settings', {}, () => undefined, { onError: () => { resolve(); } }); });
    assert.deepEqual(await page.request('programs.set', { on: false }), { offered: true, on: false });
    await closed;
    await assert.rejects(models(door, door.key));
    assert.equal(await findRunningHost(path.join(scratch, 'home')), undefined);
    assert.equal((await page.request('settings.get', {})).maxNewTokens, 77);
  });

  test('what was left on is there after a start, with the same address and key; where that port is taken, with another address', async () => {
    const first = await (async () => {
      await using engine = start('again', true);
      return opened(await clientOf(engine).request('programs.set', { on: true }));
    })();
    {
      await using engine = start('again', true);
      assert.deepEqual(opened(await clientOf(engine).request('programs.get', {})), first);
      assert.equal((await models(first, first.key)).status, 200);
    }
    const squatter = createServer();
    await new Promise<void>((resolve) => { squatter.listen(Number(new URL(first.api).port), '127.0.0.1', resolve); });
    try {
      await using engine = start('again', true);
      const moved = opened(await clientOf(engine).request('programs.get', {}));
      assert.notEqual(moved.api, first.api);
      assert.equal(moved.key, first.key);
      assert.equal((await models(moved, moved.key)).status, 200);
    } finally {
      await new Promise((resolve) => { squatter.close(resolve); });
    }
  });

  test('the engine of a web host, which has such a door, offers none of its own and opens none', async () => {
    await using engine = start('web', false);
    assert.deepEqual(await clientOf(engine).request('programs.set', { on: true }), { offered: false, on: false });
  });
});
