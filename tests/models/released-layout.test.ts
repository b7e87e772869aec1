import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readCheckpoint } from '../../engine/checkpoint/checkpoint.ts';
import { resolveFamily } from '../../engine/models/families.ts';
import { packageBytes } from '../../engine/models/needs.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import { releasedTensors, writeReleasedCheckpoint } from '../fixtures/released-checkpoint.ts';
import { scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('released-layout');
const parameters = (name: '3b' | '7b') => releasedTensors(name).reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);

test('the released models have as many tensors and parameters as their pages say', () => {
  assert.deepEqual([releasedTensors('3b').length, releasedTensors('7b').length], [940, 845]);
  assert.equal(parameters('3b').toPrecision(4), '3.700e+9');
  assert.equal(parameters('7b').toPrecision(4), '8.676e+9');
});

// Full widths; of each kind of layer one, so that a test can afford it.
const reduced = { layers: 1, memaugDepth: 1, vocabulary: 2000, towerLayers: 1, shardBytes: 1.5e8 };

test('a checkpoint in the layout of the released 3B, tied and in shards, is imported with one tensor in RAM at a time', async () => {
  const directory = path.join(scratch, '3b');
  const { files } = await writeReleasedCheckpoint(directory, '3b', reduced);
  assert.ok(files.length > 1);
  const spec = await buildModelPackage(directory, path.join(scratch, '3b-int4'), { weights: 'int4' });
  assert.deepEqual([spec.text.hidden, spec.text.keyHeads, spec.text.headSize, spec.text.tiedEmbeddings], [2048, 2, 128, true]);
  const found = spec.files.filter(({ name }) => name.endsWith('.weights')).reduce((sum, { byteLength }) => sum + byteLength, 0);
  assert.ok(Math.abs(packageBytes(spec, 'int4') / found - 1) < 0.01, `${String(packageBytes(spec, 'int4'))} bytes were forecast, ${String(found)} were written`);
  assert.deepEqual([spec.vision.channels, spec.vision.imageSize, spec.tokensPerFrame], [1152, 384, 64]);
});

test('a checkpoint in the layout of the released 7B, untied, is recognised with its sizes', async () => {
  const directory = path.join(scratch, '7b');
  await writeReleasedCheckpoint(directory, '7b', { ...reduced, memaugDepth: 1 });
  const checkpoint = await readCheckpoint(directory);
  try {
    const { dimensions } = await resolveFamily(checkpoint);
    assert.deepEqual([dimensions.text.hidden, dimensions.text.heads, dimensions.text.keyHeads, dimensions.text.intermediate], [3584, 28, 4, 18_944]);
    assert.equal(dimensions.text.tiedEmbeddings, false);
    assert.equal(checkpoint.tensors.get('lm_head.weight')?.type, 'BF16');
  } finally {
    await checkpoint.close();
  }
});
