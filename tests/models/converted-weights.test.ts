import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readCheckpoint } from '../../engine/checkpoint/checkpoint.ts';
import { ConversionThreads } from '../../engine/models/conversion-threads.ts';
import { ConvertedWeights } from '../../engine/models/converted-weights.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { demoSizes, randomTensors, tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('converted-weights');

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

test('a matrix that is read some rows at a time is the one that is read whole, across the ends of its parts', async () => {
  const directory = path.join(scratch, 'pieces');
  await writeCheckpoint(directory, demoSizes, { tensors: randomTensors(demoSizes), type: 'BF16' });
  const checkpoint = await readCheckpoint(directory);
  try {
    const inputs = demoSizes.hidden;
    const parts = ['gate_proj', 'up_proj', 'gate_proj'].map((name) => ({ weight: `model.layers.0.mlp.${name}.weight`, tensorRows: demoSizes.intermediate }));
    const request = { key: 'all', parts: [...parts, { ...parts[1] as (typeof parts)[number], rowStart: 5, rows: 300 }], inputs, quantize: 'never' } as const;
    const outputs = 3 * demoSizes.intermediate + 300;
    await using here = new ConversionThreads({ threads: 0 });
    await using threads = new ConversionThreads({ threads: 2, littleByteLength: 0 });
    const whole = new Uint16Array((await new ConvertedWeights(checkpoint, here).transposed(request, outputs, 'BF16')).slice().buffer);
    const pieces = new Uint16Array((await new ConvertedWeights(checkpoint, threads, undefined, 200 * inputs).transposed(request, outputs, 'BF16')).slice().buffer);
    assert.equal(whole.length, inputs * outputs);
    assert.ok(new Set(whole).size > 1000);
    assert.deepEqual(pieces, whole);
  } finally {
    await checkpoint.close();
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
