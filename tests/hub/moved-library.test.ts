import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import type { StreamEvent } from '../../engine/protocol/events.ts';
import { startEngineProcess } from '../../engine/server/engine-process.ts';
import { startWebHost } from '../../engine/server/web/host.ts';
import { demoSizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { connectTo, until } from '../server/support/engine.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { fakeRepository, noFaults, startFakeHub } from './fake-hub.ts';

const scratch = scratchDirectory('moved-library');

const untilModels = (client: EngineClient, holds: (event: StreamEvent<'models'>) => boolean): Promise<StreamEvent<'models'>> =>
  until((onEvent, onError) => client.subscribe('models', {}, onEvent, { onError }), holds);

test('a download does not keep the library from moving, and goes on where the library is now', { timeout: 240_000 }, async () => {
  const [start, to, checkpoint] = [path.join(scratch, 'home'), path.join(scratch, 'moved here'), path.join(scratch, 'checkpoint')];
  await writeCheckpoint(checkpoint, demoSizes, { type: 'BF16' });
  await using hub = await startFakeHub({ files: new Map(readdirSync(checkpoint).map((name) => [name, readFileSync(path.join(checkpoint, name))])) });
  await using supervised = startEngineProcess({ environment: { LONGTAKE_HOME: start } });
  await using host = await startWebHost(supervised);
  const client = await connectTo(host.origin, host.token);
  await client.request('settings.change', { provider: 'cpu' });
  hub.faults = { ...noFaults, busy: 1 }; // it cannot end before the library has moved
  await client.request('models.add', { source: { kind: 'hub', repository: fakeRepository, endpoint: hub.endpoint }, weights: 'float16' });
  await untilModels(client, ({ jobs }) => jobs[0]?.state === 'running');
  await client.request('library.move', { directory: to });
  await new Promise((resolve) => { const stop = supervised.onState((state) => { if (state === 'running') { stop(); resolve(undefined); } }); });
  hub.faults = noFaults;
  const again = await connectTo(host.origin, host.token);
  const { models } = await untilModels(again, ({ jobs }) => jobs.length === 0);
  assert.ok(models.some(({ name }) => name === 'hour-model'));
  assert.deepEqual([existsSync(path.join(to, 'models', 'hour-model-float16')), existsSync(path.join(start, 'models'))], [true, false]);
});
