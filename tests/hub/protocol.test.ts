import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { z } from 'zod';
import { streams, type StreamEvent } from '../../engine/protocol/events.ts';
import { methods, type Method, type MethodInput, type MethodResult } from '../../engine/protocol/methods.ts';
import { openEngineService, type EngineService } from '../../engine/server/workspace.ts';
import { writeLongvilaCheckpoint } from '../fixtures/longvila-checkpoint.ts';
import { tinyLlavaVideoSizes, tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { fakeRepository, startFakeHub } from './fake-hub.ts';

const scratch = scratchDirectory('models-protocol');
let service: EngineService;

before(async () => {
  process.env['LONGTAKE_HOME'] = path.join(scratch, 'home');
  await writeCheckpoint(path.join(scratch, 'tiny'), tinySizes);
  service = await openEngineService();
});
after(async () => { await service[Symbol.asyncDispose](); });

/** As the connection calls a method: what goes in and what comes out is parsed. */
async function call<Name extends Method>(name: Name, params: MethodInput<Name>): Promise<MethodResult<Name>> {
  const handler = service.handlers[name] as (params: unknown, context: unknown) => unknown;
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  return (methods[name].result as z.ZodType).parse(await handler(methods[name].params.parse(params), context)) as MethodResult<Name>;
}

function untilModels(holds: (event: StreamEvent<'models'>) => boolean): Promise<StreamEvent<'models'>> {
  const { promise, resolve, reject } = Promise.withResolvers<StreamEvent<'models'>>();
  const stop = new AbortController();
  service.sources.models({}, (event) => {
    const parsed = streams.models.event.parse(event);
    if (holds(parsed)) resolve(parsed);
  }, { signal: stop.signal, fail: reject });
  return promise.finally(() => { stop.abort(); });
}

test('the catalogue names the released models with what each format needs, and what this machine has', async () => {
  const { models, machine } = await call('models.catalogue', {});
  assert.deepEqual(models.map(({ name, repository }) => [name, repository]),
    [['hour-llava-3b', 'jylins/hourllava-qwen25-3b-s3'], ['hour-llava-7b', 'jylins/hourllava-qwen2-7b-s3'],
      ['llava-video-7b', 'lmms-lab/LLaVA-Video-7B-Qwen2'], ['prolongvid-7b', 'prolongvid/prolongvid_7B'],
      ['longvila-7b', 'Efficient-Large-Model/qwen2-7b-longvila-1M'], ['longvila-8b', 'Efficient-Large-Model/Llama-3-LongVILA-8B-512Frames']]);
  for (const { needs, downloadBytes, recommended } of models) {
    assert.deepEqual(needs.map(({ weights }) => weights), ['float16', 'int8', 'int4']);
    assert.ok(needs.every((need) => need.diskBytes === need.packageBytes + downloadBytes));
    assert.ok(['float16', 'int8', 'int4'].includes(recommended));
  }
  assert.ok(machine.memoryBytes > 0 && machine.freeDiskBytes > 0);
  assert.equal(models[0]?.speed, null);
});

test('this machine is measured when that is asked for, and remembered', async () => {
  await call('settings.change', { provider: 'cpu' });
  const measured = await call('models.catalogue', { measure: true });
  const speeds = measured.models.map(({ speed }) => speed);
  const [small, large] = speeds;
  assert.ok(small && large && small.provider === 'cpu' && small.firstTokenSeconds < large.firstTokenSeconds && small.tokensPerSecond > large.tokensPerSecond);
  assert.deepEqual((await call('models.catalogue', {})).models.map(({ speed }) => speed), speeds);
});

test('LongVILA\'s three folders are inspected, downloaded into as many and imported', async () => {
  await writeLongvilaCheckpoint(path.join(scratch, 'longvila'), tinyLlavaVideoSizes);
  const files = new Map<string, Uint8Array>(readdirSync(path.join(scratch, 'longvila'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [path.relative(path.join(scratch, 'longvila'), path.join(parentPath, name)).replaceAll('\\', '/'), readFileSync(path.join(parentPath, name))]));
  files.set('llm/training_args.bin', Buffer.alloc(100)).set('assets/config.json', Buffer.from('{}'));
  await using hub = await startFakeHub({ files, licence: 'cc-by-nc-4.0' });
  const source = { kind: 'hub', repository: fakeRepository, endpoint: hub.endpoint } as const;
  const inspected = await call('models.inspect', { source });
  const wanted = [...files].filter(([name]) => !['llm/training_args.bin', 'assets/config.json'].includes(name)).reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  assert.equal(inspected.needs[0]?.downloadBytes, wanted);
  await call('models.add', { source, name: 'folders', weights: 'float16' });
  const { models } = await untilModels(({ models: all, jobs }) => jobs.length === 0 && all.some(({ name }) => name === 'folders'));
  const added = models.find(({ name }) => name === 'folders');
  assert.deepEqual([added?.family, added?.hasMemaug, added?.origin?.licence], ['longvila', false, 'cc-by-nc-4.0']);
  await call('models.remove', { name: 'folders' });
});

test('a model is inspected, added, shown on its way, verified and removed', async () => {
  const files = new Map<string, Uint8Array>(readdirSync(path.join(scratch, 'tiny')).map((file) => [file, readFileSync(path.join(scratch, 'tiny', file))]));
  await using hub = await startFakeHub({ files, licence: 'mit' });
  const source = { kind: 'hub', repository: fakeRepository, endpoint: hub.endpoint } as const;
  const inspected = await call('models.inspect', { source });
  assert.deepEqual([inspected.name, inspected.commit, inspected.licence, inspected.needs.length], ['hour-model', hub.commit, 'mit', 3]);
  const { job } = await call('models.add', { source, weights: 'int4' });
  assert.deepEqual([job.name, job.weights, job.from], ['hour-model', 'int4', fakeRepository]);
  const { models } = await untilModels(({ models: all, jobs }) => jobs.length === 0 && all.some(({ name }) => name === 'hour-model'));
  const added = models.find(({ name }) => name === 'hour-model');
  assert.deepEqual(added?.origin, { repository: fakeRepository, commit: hub.commit, licence: 'mit' });
  assert.ok((await call('models.verify', { name: 'hour-model', weights: 'int4' })).files > 10);
  await call('models.remove', { name: 'hour-model' });
  assert.ok((await call('models.list', {})).models.every(({ name }) => name !== 'hour-model'));
});
