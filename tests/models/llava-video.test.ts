import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parseConfig } from '../../engine/checkpoint/config.ts';
import { catalogue } from '../../engine/models/catalogue.ts';
import { shapeOf } from '../../engine/models/families.ts';
import { answerNeeds, encodeNeeds, packageBytes, parameterCounts, totalParameters } from '../../engine/models/needs.ts';
import { buildModelPackage, readModelSpec } from '../../engine/models/package.ts';
import { featureChannels } from '../../engine/models/spec.ts';
import type { ModelShape } from '../../engine/models/spec.ts';
import { askedTokens, frameRows } from '../../engine/models/uniform-tokens.ts';
import { memoryBytes } from '../../engine/pipeline/forecast.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { planAnswer } from '../../engine/runtime/answer-plan.ts';
import { llavaVideoConfig, randomTensors, tinyLlavaVideoSizes, tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import type { TensorTable } from '../fixtures/random-checkpoint.ts';
import { scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('llava-video');
const config = llavaVideoConfig(tinyLlavaVideoSizes);
const shape = (changes: Record<string, unknown>): ModelShape => shapeOf(parseConfig('config.json', JSON.parse(JSON.stringify({ ...config, ...changes }))));
const released = (name: string): ModelShape => {
  const found = catalogue.find((entry) => entry.name === name)?.shape;
  assert.ok(found !== undefined);
  return found;
};

/** As on the Hub: sizes of the language model, nothing of the tower's. */
const releasedConfig = {
  architectures: ['LlavaQwenForCausalLM'], model_type: 'llava', hidden_size: 3584, intermediate_size: 18_944, num_hidden_layers: 28, num_attention_heads: 28,
  num_key_value_heads: 4, vocab_size: 152_064, rms_norm_eps: 1e-6, rope_theta: 1_000_000, rope_scaling: null, tie_word_embeddings: false, max_position_embeddings: 32_768,
  tokenizer_model_max_length: 32_768, mm_vision_tower: 'google/siglip-so400m-patch14-384', mm_hidden_size: 1152, mm_projector_type: 'mlp2x_gelu', mm_resampler_type: null,
  mm_patch_merge_type: 'spatial_unpad', mm_newline_position: 'grid', mm_spatial_pool_mode: 'bilinear', mm_spatial_pool_stride: 2, add_time_instruction: true,
};

suite('what a config of the LLaVA-Video family says', () => {
  test('the catalogue has the shapes that released configs give', () => {
    assert.deepEqual(shapeOf(parseConfig('config.json', releasedConfig)), released('llava-video-7b'));
    const fixed = { ...releasedConfig, mm_fixed_patch_length: 12, add_time_instruction: undefined, max_position_embeddings: 256_000, tokenizer_model_max_length: 256_000 };
    assert.deepEqual(shapeOf(parseConfig('config.json', JSON.parse(JSON.stringify(fixed)))), released('prolongvid-7b'));
    const { uniform, tokensPerFrame } = shapeOf(parseConfig('config.json', { ...releasedConfig, mm_newline_position: 'one_token', add_time_instruction: false }));
    assert.deepEqual([uniform, tokensPerFrame], [{ frames: 32, newline: 'end', timeInstruction: false }, 196]);
  });

  test('newlines come as the merge and the position say', () => {
    const newline = (changes: Record<string, unknown>) => shape(changes).uniform?.newline;
    assert.deepEqual([{ mm_newline_position: 'grid' }, { mm_newline_position: 'frame' }, { mm_newline_position: 'one_token' }, { mm_newline_position: 'no_token' }].map(newline), ['row', 'frame', 'end', 'none']);
    assert.equal(newline({ mm_patch_merge_type: 'spatial', mm_newline_position: 'one_token' }), 'none', 'only "unpad" adds the one at the end');
    assert.equal(newline({ mm_patch_merge_type: 'flat' }), 'none');
  });

  test('what is not computed here is refused by name', () => {
    for (const [key, value] of [
      ['mm_resampler_type', 'perceiver'], ['mm_projector_type', 'linear'], ['mm_spatial_pool_mode', 'average'], ['mm_spatial_pool_stride', 4], ['add_faster_video', true],
      ['mm_newline_position', 'corner'], ['mm_patch_merge_type', 'maxpool'], ['rope_scaling', { type: 'dynamic', factor: 2 }], ['rope_scaling', { rope_type: 'yarn' }],
    ] as const) {
      assert.throws(() => shape({ [key]: value }), (error) => isLongtakeError(error, 'checkpoint-unsupported') && error.message.includes(`"${key}"`), key);
    }
    assert.throws(() => shape({ mm_fixed_patch_length: 5 }), (error) => isLongtakeError(error, 'checkpoint-invalid') && error.message.includes('5 is more than the 4 patches'));
    assert.throws(() => shape({ architectures: ['LlavaOnevisionForConditionalGeneration'], model_type: 'llava_onevision' }), /LlavaOnevisionForConditionalGeneration.*LlavaQwenForCausalLM/u);
  });

  test('scaled positions are read in the words of old and new files; Hour-LLaVA has none', () => {
    assert.deepEqual(shape({ rope_scaling: { type: 'linear', factor: 4 } }).text.ropeScaling, { type: 'linear', factor: 4 });
    assert.deepEqual(shape({ rope_scaling: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 8192, beta_fast: 16 } }).text.ropeScaling,
      { type: 'yarn', factor: 4, originalLength: 8192, attentionFactor: 0.1 * Math.log(4) + 1, fastRotations: 16, slowRotations: 1 });
    assert.equal(shape({ rope_scaling: { rope_type: 'default' } }).text.ropeScaling, undefined);
    assert.throws(() => shape({ architectures: ['HourLlavaQwenForCausalLM'], mm_resampler_type: 'memaug', rope_scaling: { type: 'linear', factor: 4 } }),
      (error) => isLongtakeError(error, 'checkpoint-unsupported') && error.message.includes('rope_scaling'));
  });
});

suite('rows of a frame', () => {
  const rows = (newline: 'row' | 'frame' | 'end' | 'none') => frameRows({ vision: { poolGrid: 2 }, tokensPerFrame: 4, uniform: { frames: 1, newline, timeInstruction: false } });

  test('a newline stands behind every row, every frame, or is not among them', () => {
    assert.deepEqual([rows('row'), rows('frame'), rows('end'), rows('none')], [[0, 1, 4, 2, 3, 4], [0, 1, 2, 3, 4], [0, 1, 2, 3], [0, 1, 2, 3]]);
  });

  test('the released models read as many rows as their papers count', () => {
    assert.equal(askedTokens(released('llava-video-7b'), 3600), 64 * 210);
    assert.equal(askedTokens(released('prolongvid-7b'), 3600), 128 * 156);
    assert.equal(askedTokens(released('llava-video-7b'), 10), 10 * 210);
    assert.equal(askedTokens(released('hour-llava-3b'), 3600), 234_000);
  });
});

suite('a package of the LLaVA-Video family', () => {
  const make = async (name: string, change: (tensors: TensorTable) => void = () => undefined, changes: Record<string, unknown> = {}) => {
    const tensors = randomTensors(tinyLlavaVideoSizes);
    change(tensors);
    await writeCheckpoint(join(scratch, name), tinyLlavaVideoSizes, { tensors, config: { ...config, ...changes } });
    return await buildModelPackage(join(scratch, name), join(scratch, `${name}-package`), { weights: 'float32' });
  };
  const nudge = (name: string) => (tensors: TensorTable) => {
    const values = tensors.get(name)?.values;
    assert.ok(values !== undefined);
    values[0] = (values[0] ?? 0) + 1;
  };

  test('says how the family reads a memory, and holds nothing of MemAug', async () => {
    const spec = await make('described');
    assert.deepEqual(await readModelSpec(join(scratch, 'described-package')), spec);
    assert.deepEqual([spec.family, spec.memaugDepth, spec.uniform, spec.tokensPerFrame, featureChannels(spec)],
      ['llava-video', 0, { frames: 64, newline: 'row', timeInstruction: true }, 4, 32]);
    assert.deepEqual(spec.files.filter(({ name }) => /memaug|cross|shares/u.test(name)), []);
    assert.equal(spec.encoderName, 'random/siglip with projector');
  });

  test('its memories belong to tower and projector, not to the newline or the language model', async () => {
    const original = (await make('print')).encoderFingerprint;
    assert.notEqual((await make('print', nudge('model.mm_projector.0.weight'))).encoderFingerprint, original);
    assert.notEqual((await make('print', nudge('model.vision_tower.vision_tower.vision_model.encoder.layers.0.mlp.fc1.bias'))).encoderFingerprint, original);
    assert.notEqual((await make('print', undefined, { mm_fixed_patch_length: 3 })).encoderFingerprint, original);
    assert.equal((await make('print', nudge('model.image_newline'))).encoderFingerprint, original);
    assert.equal((await make('print', nudge('model.layers.1.mlp.up_proj.weight'))).encoderFingerprint, original);
  });

  test('tensors of MemAug are strays', async () => {
    await writeCheckpoint(join(scratch, 'stray'), tinySizes, { config });
    await assert.rejects(buildModelPackage(join(scratch, 'stray'), join(scratch, 'stray-package'), { weights: 'float32' }),
      (error) => isLongtakeError(error, 'checkpoint-invalid') && error.message.includes('model.vision_resampler'));
  });
});

suite('needs of the LLaVA-Video family', () => {
  const video = released('llava-video-7b');

  test('parameters and weight files are counted as they are written', async () => {
    assert.equal(totalParameters(video).toPrecision(4), '8.030e+9', 'as its page counts them');
    await writeCheckpoint(join(scratch, 'counted'), tinyLlavaVideoSizes, { config });
    const spec = await buildModelPackage(join(scratch, 'counted'), join(scratch, 'counted-package'), { weights: 'float32' });
    const held = [...randomTensors(tinyLlavaVideoSizes)].filter(([name]) => !name.includes('.post_layernorm.')).reduce((sum, [, { values }]) => sum + values.length, 0);
    assert.equal(totalParameters(spec), held);
  });

  test('a memory holds what the decoder reads: ten times that of Hour-LLaVA', () => {
    assert.equal(memoryBytes({ ...video, text: { ...video.text, endIds: [0], newlineId: 0, imStartId: 0, imEndId: 0, assistantIds: [0] } }, 1), 196 * 3584 * 2 + 5000);
  });

  test('encoding takes the projector as well, answering takes neither it nor a copy of the memory', () => {
    const large = released('hour-llava-7b');
    assert.ok(encodeNeeds(video, 'float16') > encodeNeeds(large, 'float16'));
    assert.equal(parameterCounts(video).memory, video.text.hidden, 'a newline');
    const needs = answerNeeds(video, 'float16', 'float16', askedTokens(video, 3600));
    assert.deepEqual([needs.crossMemoryBytes, needs.blockCopyBytes], [0, 0]);
    assert.ok(needs.cacheBytes > 2 * 28 * 512 * 13_440 * 2);
    assert.ok(packageBytes(video, 'float16') < packageBytes(large, 'float16'));
  });

  test('an answer that cannot be held is refused with numbers, and without advice that would not help', () => {
    const spec = { ...video, weights: 'float16' as const } as unknown as Parameters<typeof planAnswer>[0];
    const tokens = askedTokens(video, 3600);
    const refused = (device: Parameters<typeof planAnswer>[1], pattern: RegExp) => {
      assert.throws(() => planAnswer(spec, device, tokens, { memoryBytes: 1e9, graphicsBytes: 8e9 }), (error) => isLongtakeError(error, 'out-of-memory') && pattern.test(error.message) && !error.message.includes('shorter'));
    };
    refused({ compute: 'float32', keepsTensors: false }, /64 frames takes .* of RAM .*Close other programs/u);
    refused({ compute: 'float16', keepsTensors: true }, /64 frames takes .* of graphics memory .*With int4 weights it would take .*Run it on the CPU/u);
    assert.equal(planAnswer(spec, { compute: 'float16', keepsTensors: true }, tokens, { memoryBytes: 1e9, graphicsBytes: 24e9 }).keysOnHost, false);
  });
});
