import assert from 'node:assert/strict';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCheckpoint } from '../../engine/checkpoint/checkpoint.ts';
import { toFloat32 } from '../../engine/checkpoint/tensor-values.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { checkpointConfig, randomTensors, tinySizes, writeCheckpoint, writeSafetensors } from '../fixtures/random-checkpoint.ts';

test('a checkpoint in one file is read tensor by tensor', async () => {
  await inScratch(async (directory) => {
    const tensors = randomTensors(tinySizes);
    await writeCheckpoint(directory, tinySizes, { tensors });
    const checkpoint = await readCheckpoint(directory);
    assert.equal(checkpoint.tensors.size, tensors.size);
    assert.equal(checkpoint.config.mm_spatial_pool_grid, 2);
    assert.deepEqual(checkpoint.generationConfig.eos_token_id, [422, 420]);
    assert.deepEqual(await checkpoint.read('model.norm.weight'), tensors.get('model.norm.weight')?.values);
    assert.deepEqual(await checkpoint.readRange('model.embed_tokens.weight', 32, 64),
      tensors.get('model.embed_tokens.weight')?.values.slice(32, 64));
    await checkpoint.close();
  });
});

test('a sharded checkpoint is read through its index', async () => {
  await inScratch(async (directory) => {
    const tensors = randomTensors(tinySizes);
    await writeCheckpoint(directory, tinySizes, { tensors });
    await shard(directory, [...tensors], {});
    const checkpoint = await readCheckpoint(directory);
    assert.equal(checkpoint.tensors.size, tensors.size);
    for (const [name, { values }] of tensors) assert.deepEqual(await checkpoint.read(name), values);
    await checkpoint.close();
  });
});

test('an index that promises a tensor which its shard lacks is refused', async () => {
  await inScratch(async (directory) => {
    const tensors = randomTensors(tinySizes);
    await writeCheckpoint(directory, tinySizes, { tensors });
    await shard(directory, [...tensors], { 'model.ghost': 'model-00001-of-00002.safetensors' });
    await assert.rejects(readCheckpoint(directory), /"model.ghost" is in model-00001-of-00002.safetensors, which does not have it/);
  });
});

test('an index that points outside its folder is refused', async () => {
  await inScratch(async (directory) => {
    const tensors = randomTensors(tinySizes);
    await writeCheckpoint(directory, tinySizes, { tensors });
    await shard(directory, [...tensors], { 'model.ghost': '../elsewhere.safetensors' });
    await assert.rejects(readCheckpoint(directory), /points outside its folder/);
  });
});

test('a weight that is not a number is found and named', async () => {
  await inScratch(async (directory) => {
    for (const [broken, said] of [[NaN, /holds NaN at element 5/], [Infinity, /holds Infinity at element 5/]] as const) {
      const tensors = randomTensors(tinySizes);
      const values = tensors.get('model.norm.weight')?.values;
      if (values !== undefined) values[5] = broken;
      await writeCheckpoint(directory, tinySizes, { tensors });
      const checkpoint = await readCheckpoint(directory);
      await assert.rejects(checkpoint.read('model.norm.weight'), (error) =>
        isLongtakeError(error, 'checkpoint-invalid') && error.message.includes('"model.norm.weight"') && said.test(error.message));
      await checkpoint.close();
    }
  });
});

test('numbers so large that their sum overflows are still numbers', async () => {
  await inScratch(async (directory) => {
    const tensors = randomTensors(tinySizes);
    tensors.get('model.norm.weight')?.values.fill(3e38);
    await writeCheckpoint(directory, tinySizes, { tensors });
    const checkpoint = await readCheckpoint(directory);
    assert.equal((await checkpoint.read('model.norm.weight'))[0], Math.fround(3e38));
    await checkpoint.close();
  });
});

test('bfloat16 and float16 are widened exactly', () => {
  const bfloat16 = new Uint8Array(Uint16Array.of(0x3f80, 0xc0a0, 0x0001, 0x7f7f).buffer);
  assert.deepEqual([...toFloat32('t', 'BF16', bfloat16)], [1, -5, 2 ** -133, 3.3895313892515355e38]);
  const float16 = new Uint8Array(Uint16Array.of(0x3c00, 0xc500, 0x0001, 0x7bff).buffer);
  assert.deepEqual([...toFloat32('t', 'F16', float16)], [1, -5, 2 ** -24, 65504]);
  assert.throws(() => toFloat32('t', 'I64', new Uint8Array(8)), (error) => isLongtakeError(error, 'checkpoint-unsupported'));
});

for (const missing of ['config.json', 'tokenizer.json', 'model.safetensors']) {
  test(`a checkpoint without ${missing} is refused by that name`, async () => {
    await inScratch(async (directory) => {
      await writeCheckpoint(directory, tinySizes);
      await unlink(join(directory, missing));
      await assert.rejects(readCheckpoint(directory), (error) => isLongtakeError(error, 'file-not-found') && error.message.includes(missing));
    });
  });
}

test('a config with a wrong value is refused by key', async () => {
  await inScratch(async (directory) => {
    await writeCheckpoint(directory, tinySizes, { config: { ...checkpointConfig(tinySizes), hidden_size: -3 } });
    await assert.rejects(readCheckpoint(directory), (error) => isLongtakeError(error, 'checkpoint-invalid') && error.message.includes('"hidden_size"'));
    await writeFile(join(directory, 'config.json'), '{');
    await assert.rejects(readCheckpoint(directory), /config.json is not JSON/);
  });
});

async function shard(directory: string, tensors: [string, { shape: number[]; values: Float32Array }][], more: Record<string, string>): Promise<void> {
  const half = Math.floor(tensors.length / 2);
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
  await unlink(join(directory, 'model.safetensors'));
  await writeSafetensors(join(directory, names[0]), new Map(tensors.slice(0, half)));
  await writeSafetensors(join(directory, names[1]), new Map(tensors.slice(half)));
  const weight_map = { ...Object.fromEntries(tensors.map(([name], index) => [name, index < half ? names[0] : names[1]])), ...more };
  await writeFile(join(directory, 'model.safetensors.index.json'), JSON.stringify({ metadata: {}, weight_map }));
}

async function inScratch(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'longtake-checkpoint-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
