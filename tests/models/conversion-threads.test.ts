import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { HashThread } from '../../engine/graph/hash-thread.ts';
import { ConversionThreads } from '../../engine/models/conversion-threads.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { demoSizes, randomTensors, tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { hashDirectory, scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('conversion-threads');
const checkpoint = path.join(scratch, 'checkpoint');
await writeCheckpoint(checkpoint, demoSizes, { type: 'BF16' });
const manyThreads = { threads: 3, littleByteLength: 0 };

for (const weights of ['float16', 'int4'] as const) {
  test(`a package of ${weights} is the same to the byte, however many threads convert`, async () => {
    const hashes = new Set<string>();
    for (const [index, conversion] of [{ threads: 0 }, { threads: 1, littleByteLength: 0 }, manyThreads].entries()) {
      const target = path.join(scratch, `${weights}-${String(index)}`);
      await buildModelPackage(checkpoint, target, { weights, conversion });
      hashes.add(hashDirectory(target));
    }
    assert.equal(hashes.size, 1);
  });

  test(`a thread that finds what is no number in a weight for ${weights} has it named`, async () => {
    const name = 'model.layers.1.mlp.up_proj.weight';
    const tensors = randomTensors(tinySizes);
    (tensors.get(name) as { values: Float32Array }).values[77] = NaN;
    const bad = path.join(scratch, `bad-${weights}`);
    await writeCheckpoint(bad, tinySizes, { tensors, type: 'BF16' });
    await assert.rejects(buildModelPackage(bad, path.join(scratch, 'never'), { weights, conversion: manyThreads }),
      (error) => isLongtakeError(error, 'checkpoint-invalid') && error.message.includes(`"${name}" holds NaN at element 77`));
  });
}

test('an import that is stopped, or fails, lets its process end', () => {
  const script = path.join(scratch, 'stopped.ts');
  const engine = path.join(import.meta.dirname, '../../engine');
  writeFileSync(script, `
    import { buildModelPackage } from ${JSON.stringify(path.join(engine, 'models/package.ts'))};
    const stop = new AbortController();
    let stored = 0;
    await buildModelPackage(${JSON.stringify(checkpoint)}, ${JSON.stringify(path.join(scratch, 'stopped'))}, {
      weights: 'float16', conversion: ${JSON.stringify(manyThreads)}, signal: stop.signal, onProgress: () => { stored += 1; if (stored === 40) stop.abort(); },
    }).then(() => { console.log('made'); }, (error) => { console.log(error.code); });
  `);
  const ended = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', script], { encoding: 'utf8', timeout: 60_000 });
  assert.deepEqual([ended.status, ended.stdout.trim()], [0, 'cancelled'], ended.stderr);
  assert.deepEqual(readdirSync(scratch).filter((name) => name.includes('stopped')), ['stopped.ts']);
});

test('conversions that wait when the threads are ended are cancelled, as are later ones; a file that is too short is told', async () => {
  const file = path.join(scratch, 'numbers');
  writeFileSync(file, new Uint8Array(1 << 20));
  const conversion = (byteLength: number) => ({
    kind: 'halves', type: 'BF16', sources: [{ path: file, byteOffset: 0, byteLength }], target: new Uint16Array(new SharedArrayBuffer(byteLength)),
  }) as const;
  const threads = new ConversionThreads(manyThreads);
  assert.ok(await threads.convert(conversion(1 << 20)));
  await assert.rejects(threads.convert(conversion(1 << 21)), (error) => isLongtakeError(error, 'file-unreadable') && error.message.includes('ended early'));
  const waiting = Array.from({ length: 20 }, () => threads.convert(conversion(1 << 20)));
  const settled = Promise.allSettled(waiting);
  await threads[Symbol.asyncDispose]();
  const last = (await settled).at(-1);
  assert.ok(last?.status === 'rejected' && isLongtakeError(last.reason, 'cancelled'));
  await assert.rejects(threads.convert(conversion(8)), (error) => isLongtakeError(error, 'cancelled'));
});

test('a hash of a file that became shorter, or that is stopped, is an error', async () => {
  const file = path.join(scratch, 'large');
  writeFileSync(file, '');
  truncateSync(file, 32 << 20);
  const short = new HashThread();
  short.addBytes(file, 0, 33 << 20);
  await assert.rejects(short.digest(), (error) => isLongtakeError(error, 'file-unreadable'));
  const stopped = new HashThread();
  stopped.addBytes(file, 0, 32 << 20);
  await stopped.stop();
  await assert.rejects(stopped.digest(), (error) => isLongtakeError(error, 'cancelled'));
});
