import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { readConfig } from '../../engine/checkpoint/checkpoint.ts';
import { isVilaPart } from '../../engine/checkpoint/vila-config.ts';
import { catalogue } from '../../engine/models/catalogue.ts';
import { shapeOf } from '../../engine/models/families.ts';
import { checkpointSha256, checkpointStamp } from '../../engine/models/fingerprint.ts';
import { neighbourMatrix } from '../../engine/models/longvila.ts';
import { answerNeeds, parameterCounts, totalParameters } from '../../engine/models/needs.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { askedTokens } from '../../engine/models/uniform-tokens.ts';
import { isLongtakeError, type ErrorCode } from '../../engine/protocol/errors.ts';
import { writeLongvilaCheckpoint, type LongvilaChanges } from '../fixtures/longvila-checkpoint.ts';
import { tinyLlavaVideoSizes } from '../fixtures/random-checkpoint.ts';
import { scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('longvila');
const directory = join(scratch, 'checkpoint');

async function shape(changes: LongvilaChanges = {}): ReturnType<typeof readShape> {
  await writeLongvilaCheckpoint(directory, tinyLlavaVideoSizes, changes);
  return await readShape();
}
const readShape = async () => shapeOf(await readConfig(directory));

async function refused(changes: LongvilaChanges, code: ErrorCode, pattern: RegExp): Promise<void> {
  await assert.rejects(shape(changes), (error) => isLongtakeError(error, code) && pattern.test(error.message));
}

suite('a checkpoint in VILA\'s three folders', () => {
  test('is imported whole: every tensor is used but the layer of the tower that is left out', async () => {
    const tensors = await writeLongvilaCheckpoint(directory, tinyLlavaVideoSizes);
    const spec = await buildModelPackage(directory, join(scratch, 'package'), { weights: 'float32' });
    assert.deepEqual([spec.family, spec.memaugDepth, spec.vision.layers, spec.tokensPerFrame, spec.text.template], ['longvila', 0, 2, 4, undefined]);
    assert.deepEqual(spec.uniform, { frames: 256, newline: 'frame', timeInstruction: false, downsampled: 'rows' });
    assert.deepEqual(spec.text.endIds, [422], 'the end of a turn, which no file declares');
    const used = [...tensors].filter(([name]) => !name.includes('.post_layernorm.') && !name.includes('.encoder.layers.2.')).reduce((sum, [, { values }]) => sum + values.length, 0);
    assert.equal(totalParameters(spec), used);
  });

  test('is known by the bytes of all folders', async () => {
    await writeLongvilaCheckpoint(directory, tinyLlavaVideoSizes);
    const before = [await checkpointSha256(directory), await checkpointStamp(directory)];
    await writeLongvilaCheckpoint(directory, tinyLlavaVideoSizes, { projector: { mm_projector_type: 'mlp_downsample_2x2_fix' } });
    const after = [await checkpointSha256(directory), await checkpointStamp(directory)];
    assert.ok(before.every((one, index) => one !== after[index]));
  });

  test('lacks a folder or a member, and the error says which', async () => {
    await writeLongvilaCheckpoint(directory, tinyLlavaVideoSizes);
    await rm(join(directory, 'mm_projector'), { recursive: true });
    await assert.rejects(readShape(), (error) => isLongtakeError(error, 'file-not-found') && error.message.includes('mm_projector'));
    await refused({ llm: { max_position_embeddings: undefined } }, 'checkpoint-invalid', /llm\.max_position_embeddings/u);
  });

  test('what is not computed here is refused by name', async () => {
    await refused({ projector: { mm_projector_type: 'mlp_downsample_3x3_fix' } }, 'checkpoint-unsupported', /mm_projector_type" is "mlp_downsample_3x3_fix".*mlp_downsample/u);
    await refused({ tower: { model_type: 'intern_vision' } }, 'checkpoint-unsupported', /vision_tower\.model_type" is "intern_vision"/u);
    await refused({ llm: { model_type: 'gemma' } }, 'checkpoint-unsupported', /llm\.model_type" is "gemma"/u);
    await refused({ llm: { rope_scaling: { type: 'dynamic', factor: 2 } } }, 'checkpoint-unsupported', /rope_scaling/u);
  });

  test('on Llama tokens run down the columns, nothing has biases, and turns are Llama 3\'s', async () => {
    const { uniform, text } = await shape({ llm: { model_type: 'llama' } });
    assert.deepEqual([uniform?.downsampled, text.unbiased, text.template], ['columns', true, 'llama-3']);
  });

  test('frames and positions are as many as the config says, up to what a desktop holds', async () => {
    assert.equal((await shape({ top: { num_video_frames: 8 } })).uniform?.frames, 8);
    assert.equal((await shape({ top: { num_video_frames: undefined } })).uniform?.frames, 128);
    const long = await shape({ top: { num_video_frames: 2048, model_max_length: 1_048_576 }, llm: { max_position_embeddings: 1_048_576 } });
    assert.deepEqual([long.uniform?.frames, long.text.maximumLength], [256, 131_072]);
  });

  test('no name leads out of the folders', () => {
    assert.deepEqual(['llm/config.json', 'vision_tower/model.safetensors', 'llm/../config.json', 'llm/..', 'llm/a/b', 'other/config.json', '/llm/config.json', 'llm/'].map(isVilaPart),
      [true, true, false, false, false, false, false, false]);
  });
});

suite('2 × 2 neighbours of an odd side', () => {
  /** Which patches each token is made of, −1 where it is padding. */
  const tokens = (order: 'rows' | 'columns'): number[][] => {
    const matrix = neighbourMatrix(3, order);
    const patchOf = (row: number): number => matrix.subarray(row * 9, (row + 1) * 9).indexOf(1);
    return Array.from({ length: 4 }, (_, token) => Array.from({ length: 4 }, (_, neighbour) => patchOf(4 * token + neighbour)));
  };

  test('are padded below and to the right; the tokens run along rows, or columns', () => {
    assert.deepEqual(tokens('rows'), [[0, 1, 3, 4], [2, -1, 5, -1], [6, 7, -1, -1], [8, -1, -1, -1]]);
    assert.deepEqual(tokens('columns'), [[0, 1, 3, 4], [6, 7, -1, -1], [2, -1, 5, -1], [8, -1, -1, -1]]);
  });
});

test('the catalogue\'s LongVILA are as large as their pages say, and read 197 rows a frame', () => {
  const found = ['longvila-7b', 'longvila-8b'].map((name) => catalogue.find((entry) => entry.name === name)?.shape);
  const [small, large] = found;
  assert.ok(small !== undefined && large !== undefined);
  assert.deepEqual([small, large].map((one) => totalParameters(one).toPrecision(3)), ['8.04e+9', '8.46e+9']);
  assert.equal(askedTokens(small, 3600), 256 * 197);
  // Projector of Llama-3-LongVILA-8B: 71.3 MB in bfloat16, as its folder has it.
  const projector = 2 * (parameterCounts(large).tower - parameterCounts({ ...large, uniform: undefined }).tower);
  assert.equal((projector / 1e6).toFixed(1), '71.3');
  assert.ok(answerNeeds(large, 'int4', 'float16', askedTokens(large, 3600)).cacheBytes > 2 * 32 * 1024 * 50_432 * 2);
});
