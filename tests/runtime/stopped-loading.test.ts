import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { suite, test } from 'node:test';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { openVideoModel, type VideoModel, type OpenOptions } from '../../engine/runtime/video-model.ts';
import { softwareVulkan } from '../golden/software-vulkan.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { countSessions, openFilesIn, signalAfter } from './stopping.ts';
import { ask, prompt, tinyPackage } from './tiny-model.ts';

const directory = await tinyPackage(scratchDirectory('stopped-loading'));
const sessions = countSessions();
const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();

/** Stops the loading at each of its safe points in turn, until one comes to its end. */
async function openAfterAllStops(options: OpenOptions): Promise<{ readonly model: VideoModel; readonly stops: number; readonly most: number }> {
  let most = 0;
  for (let stops = 0; ; stops += 1) {
    const signal = signalAfter(stops);
    const loading = openVideoModel(directory, { ...options, signal }).then((model) => ({ model }), (error: unknown) => ({ error }));
    signal.addEventListener('abort', () => { most = Math.max(most, sessions()); });
    const ended = await loading;
    if ('model' in ended) return { model: ended.model, stops, most };
    assert.ok(isLongtakeError(ended.error, 'cancelled'), String(ended.error));
    assert.deepEqual([sessions(), openFilesIn(directory)], [0, []], `nothing is left of what was loaded before stop ${stops}`);
  }
}

suite('loading that is stopped', () => {
  test('ends between any two graphs with `cancelled`, leaves none of them open, and the next loading is whole', async () => {
    const { model, stops, most } = await openAfterAllStops({ provider: 'cpu', threads: 1 });
    const graphs = sessions();
    assert.ok(graphs > 5 && stops > graphs && most > 5, JSON.stringify({ graphs, stops, most }));
    const generation = await ask(model, 140, prompt(7, 8));
    assert.ok(generation.logits.every(Number.isFinite));
    generation.dispose();
    await model.dispose();
    assert.deepEqual([sessions(), openFilesIn(directory)], [0, []]);
  });

  test('is stopped on the way to each part alone, too', async () => {
    for (const parts of ['encode', 'answer'] as const) {
      const { model, stops } = await openAfterAllStops({ provider: 'cpu', threads: 1, parts });
      assert.ok(stops > 1);
      await model.dispose();
    }
    assert.equal(sessions(), 0);
  });

  test('ends while a device is tried in a process apart, which goes on and is known the next time', async () => {
    const stopping = new AbortController();
    const loading = openVideoModel(directory, { provider: 'auto', threads: 1, parts: 'encode', signal: stopping.signal });
    await Promise.resolve(); // it has begun
    stopping.abort();
    await assert.rejects(loading, (error) => isLongtakeError(error, 'cancelled'));
    assert.equal(sessions(), 0);
  });

  test('stops between two pieces of weights on their way to our own kernels, and leaves no file and no graph open', {
    skip: dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false,
  }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'stopped-loading-case.ts')],
      { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 120_000 });
    assert.notEqual(stdout, '', stderr);
    const { codes, left } = JSON.parse(stdout) as { codes: string[]; left: number[] };
    assert.deepEqual([codes.length, new Set(codes), new Set(left)], [6, new Set(['cancelled']), new Set([0])]);
  });
});
