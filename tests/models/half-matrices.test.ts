import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { buildModelPackage } from '../../engine/models/package.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { demoSizes, randomTensors, tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('half-matrices');

test('a bfloat16 checkpoint gives the very bytes that the same numbers in float32 give', async () => {
  const tensors = randomTensors(demoSizes);
  for (const { values } of tensors.values()) {
    const bits = new Uint32Array(values.buffer);
    for (let index = 0; index < bits.length; index += 1) bits[index] = (bits[index] as number) & 0xffff_0000; // what bfloat16 keeps
  }
  for (const type of ['F32', 'BF16'] as const) {
    await writeCheckpoint(path.join(scratch, type), demoSizes, { tensors, type });
    await buildModelPackage(path.join(scratch, type), path.join(scratch, `${type}-package`), { weights: 'float16' });
  }
  for (const name of ['vision', 'memory', 'memaug', 'decoder']) {
    const [one, other] = ['F32', 'BF16'].map((type) => readFileSync(path.join(scratch, `${type}-package`, `${name}.weights`)));
    assert.ok(one !== undefined && other !== undefined && one.equals(other), name);
  }
});

test('a weight of a bfloat16 checkpoint that is no number, or too large for float16, is named', async () => {
  for (const [value, words] of [[NaN, /"model\.layers\.1\.mlp\.up_proj\.weight" holds NaN/u], [1e9, /up_proj\.weight" holds 998244352.*float32 weights/u]] as const) {
    const tensors = randomTensors(tinySizes);
    (tensors.get('model.layers.1.mlp.up_proj.weight') as { values: Float32Array }).values[77] = value;
    const directory = path.join(scratch, `bad-${String(value)}`);
    await writeCheckpoint(directory, tinySizes, { tensors, type: 'BF16' });
    await assert.rejects(buildModelPackage(directory, path.join(scratch, 'never'), { weights: 'float16' }),
      (error) => isLongtakeError(error, 'checkpoint-invalid') && words.test(error.message));
  }
});
