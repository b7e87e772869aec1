import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildModelPackage, readModelSpec, verifyModelPackage } from '../../engine/models/package.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { ErrorCode } from '../../engine/protocol/errors.ts';
import type { Progress } from '../../engine/protocol/progress.ts';
import { checkpointConfig, randomTensors, tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import type { TensorTable } from '../fixtures/random-checkpoint.ts';
import { hashDirectory, scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('package');
const checkpoint = join(scratch, 'checkpoint');
await writeCheckpoint(checkpoint, tinySizes);
const tower = 'model.vision_tower.vision_tower.vision_model.';

test('a package says what the checkpoint says', async () => {
  const target = join(scratch, 'described');
  const progress: Progress[] = [];
  const spec = await buildModelPackage(checkpoint, target, { weights: 'float32', onProgress: (step) => progress.push(step) });
  assert.deepEqual(await readModelSpec(target), spec);
  assert.equal(spec.text.hidden, 32);
  assert.equal(spec.text.headSize, 8);
  assert.equal(spec.tokensPerFrame, 4);
  assert.deepEqual(spec.text.endIds, [422, 420]);
  assert.deepEqual([spec.text.newlineId, spec.text.imStartId, spec.text.imEndId], [198, 421, 422]);
  assert.equal(spec.byteLength, spec.files.reduce((sum, file) => sum + statSync(join(target, file.name)).size, 0));
  assert.ok(progress.every((step, index) => step.stage === 'prepare-model' && step.done >= (progress[index - 1]?.done ?? 0)));
});

test('a package made twice is the same to the byte', async () => {
  await buildModelPackage(checkpoint, join(scratch, 'once'), { weights: 'int8' });
  await buildModelPackage(checkpoint, join(scratch, 'again'), { weights: 'int8' });
  assert.equal(hashDirectory(join(scratch, 'once')), hashDirectory(join(scratch, 'again')));
});

test('smaller weights make smaller packages', async () => {
  const sizes: number[] = [];
  for (const weights of ['float32', 'float16', 'int8', 'int4'] as const) {
    sizes.push((await buildModelPackage(checkpoint, join(scratch, 'sizes'), { weights })).files
      .filter((file) => file.name.endsWith('.weights')).reduce((sum, file) => sum + file.byteLength, 0));
  }
  assert.deepEqual(sizes.toSorted((left, right) => right - left), sizes);
});

test('the encoder fingerprint belongs to the tower alone', async () => {
  const print = async (change?: (tensors: TensorTable) => void, weights: 'float32' | 'int4' = 'float32') => {
    const tensors = randomTensors(tinySizes);
    change?.(tensors);
    await writeCheckpoint(join(scratch, 'changed'), tinySizes, { tensors });
    return (await buildModelPackage(join(scratch, 'changed'), join(scratch, 'printed'), { weights })).encoderFingerprint;
  };
  const nudge = (name: string) => (tensors: TensorTable) => {
    const values = tensors.get(name)?.values;
    if (values !== undefined) values[0] = (values[0] ?? 0) + 1;
  };
  const original = await print();
  assert.equal(await print(nudge('model.mm_projector.0.weight')), original);
  assert.equal(await print(nudge('model.layers.1.mlp.up_proj.weight')), original);
  assert.equal(await print(nudge(`${tower}post_layernorm.weight`)), original);
  assert.equal(await print(undefined, 'int4'), original);
  assert.notEqual(await print(nudge(`${tower}encoder.layers.0.mlp.fc1.bias`)), original);
});

test('a checkpoint in bfloat16 with an untied output layer is taken', async () => {
  const tensors = randomTensors(tinySizes);
  tensors.set('lm_head.weight', { shape: [423, 32], values: new Float32Array(423 * 32).fill(0.5) });
  const directory = join(scratch, 'untied');
  await writeCheckpoint(directory, tinySizes, { tensors, type: 'BF16', config: { ...checkpointConfig(tinySizes), tie_word_embeddings: false } });
  assert.equal((await buildModelPackage(directory, join(scratch, 'untied-package'), { weights: 'float16' })).text.tiedEmbeddings, false);
});

test('without a vision_config the tower has the sizes of SigLIP-so400m less its last layer', async () => {
  const config = checkpointConfig(tinySizes);
  delete config.vision_config;
  delete config.mm_hidden_size;
  delete config.mm_spatial_pool_grid;
  await refused('released', { config }, 'checkpoint-invalid', /patch_embedding.weight" has the shape \[24, 3, 7, 7\]; this architecture needs \[1152, 3, 14, 14\]/);
});

test('cancelling leaves neither a package nor its parts', async () => {
  const controller = new AbortController();
  const target = join(scratch, 'cancelled');
  const before = readdirSync(scratch);
  await assert.rejects(
    buildModelPackage(checkpoint, target, { weights: 'float32', signal: controller.signal, onProgress: () => { controller.abort(); } }),
    (error) => isLongtakeError(error, 'cancelled'));
  assert.deepEqual(readdirSync(scratch), before);
});

test('a failed import leaves the package that was there', async () => {
  const target = join(scratch, 'kept');
  await buildModelPackage(checkpoint, target, { weights: 'float32' });
  const before = hashDirectory(target);
  await refused('bad', { tensors: without('model.norm.weight') }, 'checkpoint-invalid', /lacks the tensor "model.norm.weight"/, target);
  assert.equal(hashDirectory(target), before);
  await verifyModelPackage(target);
});

test('a folder that is something else is not replaced', async () => {
  await assert.rejects(buildModelPackage(checkpoint, checkpoint, { weights: 'float32' }),
    (error) => isLongtakeError(error, 'bad-argument') && error.message.includes('not a model package'));
});

test('a flipped byte anywhere in a package is found', async () => {
  const target = join(scratch, 'flipped');
  const spec = await buildModelPackage(checkpoint, target, { weights: 'int4' });
  for (const { name, byteLength } of spec.files) {
    const path = join(target, name);
    const bytes = readFileSync(path);
    const place = Math.floor(byteLength / 2);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await assert.rejects(verifyModelPackage(target), (error) => isLongtakeError(error, 'model-invalid') && error.message.includes(name));
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }
  await verifyModelPackage(target);
});

test('a package of a newer Longtake is refused with what to do', async () => {
  const target = join(scratch, 'newer');
  const spec = await buildModelPackage(checkpoint, target, { weights: 'float32' });
  writeFileSync(join(target, 'model.json'), JSON.stringify({ ...spec, version: 99, more: true }));
  await assert.rejects(readModelSpec(target), (error) => isLongtakeError(error, 'newer-version') && error.message.includes('Update Longtake'));
  writeFileSync(join(target, 'model.json'), JSON.stringify({ ...spec, memaugDepth: 'three' }));
  await assert.rejects(readModelSpec(target), (error) => isLongtakeError(error, 'model-invalid') && error.message.includes('memaugDepth'));
  await assert.rejects(readModelSpec(join(scratch, 'nowhere')), (error) => isLongtakeError(error, 'model-not-found'));
});

const wkv = 'model.vision_resampler.layers.1.cross_attn.Wkv.weight';
const broken: readonly (readonly [string, Parameters<typeof refused>[1], ErrorCode, RegExp])[] = [
  ['another architecture', { config: { ...checkpointConfig(tinySizes), model_type: 'llama', architectures: ['LlamaForCausalLM'] } },
    'checkpoint-unsupported', /The architecture "LlamaForCausalLM" is not supported/],
  ['another resampler', { config: { ...checkpointConfig(tinySizes), mm_resampler_type: 'qformer' } },
    'checkpoint-unsupported', /"mm_resampler_type" is "qformer"; Longtake knows "memaug"/],
  ['heads that do not divide', { config: { ...checkpointConfig(tinySizes), num_key_value_heads: 3 } },
    'checkpoint-invalid', /"num_attention_heads": 4 is not a multiple of "num_key_value_heads", 3/],
  ['a pooled grid larger than the patches', { config: { ...checkpointConfig(tinySizes), mm_spatial_pool_grid: 9 } },
    'checkpoint-invalid', /"mm_spatial_pool_grid": 9 is more than the 4 patches/],
  ['a missing tensor', { tensors: without(wkv) }, 'checkpoint-invalid', /lacks the tensor "model.vision_resampler.layers.1.cross_attn.Wkv.weight"/],
  ['a misshapen tensor', { tensors: reshaped(wkv, [16, 64]) }, 'checkpoint-invalid', /has the shape \[16, 64\]; this architecture needs \[32, 32\]/],
  ['a tensor too many', { tensors: added('model.layers.2.mlp.up_proj.weight') }, 'checkpoint-invalid', /1 tensor\(s\) that its config does not account for, the first is "model.layers.2.mlp.up_proj.weight"/],
  ['no output layer and no tied embeddings', { config: { ...checkpointConfig(tinySizes), tie_word_embeddings: false } },
    'checkpoint-invalid', /lacks the tensor "lm_head.weight" and its config does not tie/],
  ['a weight that is no number', { tensors: poisoned('model.image_newline') }, 'checkpoint-invalid', /"model.image_newline" holds NaN at element 3/],
];
for (const [name, changed, code, message] of broken) {
  test(`a checkpoint with ${name} is refused in a sentence that names it`, () => refused(name.replaceAll(' ', '-'), changed, code, message));
}

async function refused(
  name: string, changed: { tensors?: TensorTable; config?: Record<string, unknown> }, code: ErrorCode, message: RegExp,
  target = join(scratch, `refused-${name}`),
): Promise<void> {
  const directory = join(scratch, `checkpoint-${name}`);
  await writeCheckpoint(directory, tinySizes, changed);
  await assert.rejects(buildModelPackage(directory, target, { weights: 'float32' }),
    (error) => isLongtakeError(error, code) && message.test(error.message) || assert.fail(String(error)));
}

function without(name: string): TensorTable {
  const tensors = randomTensors(tinySizes);
  tensors.delete(name);
  return tensors;
}

function added(name: string): TensorTable {
  return randomTensors(tinySizes).set(name, { shape: [1], values: Float32Array.of(1) });
}

function reshaped(name: string, shape: number[]): TensorTable {
  const tensors = randomTensors(tinySizes);
  return tensors.set(name, { shape, values: tensors.get(name)?.values ?? new Float32Array() });
}

function poisoned(name: string): TensorTable {
  const tensors = randomTensors(tinySizes);
  const values = tensors.get(name)?.values;
  if (values !== undefined) values[3] = NaN;
  return tensors;
}
