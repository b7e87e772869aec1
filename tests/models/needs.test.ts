import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue, downloadBytes } from '../../engine/models/catalogue.ts';
import { shapeOf } from '../../engine/models/families.ts';
import { towerWidths } from '../../engine/models/tower-widths.ts';
import { answerNeeds, encodeNeeds, kernelEncodeNeeds, packageBytes, totalParameters } from '../../engine/models/needs.ts';
import { parseConfig } from '../../engine/checkpoint/config.ts';
import { releasedConfig, releasedTensors } from '../fixtures/released-checkpoint.ts';

const [small, large] = catalogue.map(({ shape }) => shape);
if (small === undefined || large === undefined) throw new Error('the catalogue has two models');
const hourTokens = 234_000;

test('the catalogue has the shapes that the released configs give', () => {
  assert.deepEqual(shapeOf(parseConfig('config.json', JSON.parse(JSON.stringify(releasedConfig('3b'))))), small);
  assert.deepEqual(shapeOf(parseConfig('config.json', JSON.parse(JSON.stringify(releasedConfig('7b'))))), large);
});

test('parameters are counted from shapes as the released files have them', () => {
  for (const [name, shape] of [['3b', small], ['7b', large]] as const) {
    const counted = releasedTensors(name).filter((tensor) => !tensor.name.includes('post_layernorm.')
      || tensor.name.startsWith('model.layers')).reduce((sum, { shape: sizes }) => sum + sizes.reduce((product, size) => product * size, 1), 0);
    assert.ok(Math.abs(totalParameters(shape) / counted - 1) < 1e-5, `${name}: ${String(totalParameters(shape))} for ${String(counted)}`);
  }
  assert.ok(downloadBytes(small) > 7.4e9 && downloadBytes(small) < 7.45e9);
});

test('an hour of the released models needs the keys and values that were worked out for them', () => {
  assert.equal(answerNeeds(small, 'float16', 'float16', hourTokens, { place: 'host' }).crossMemoryBytes, 958_464_000);
  assert.equal(answerNeeds(large, 'float16', 'float16', hourTokens, { place: 'host' }).crossMemoryBytes, 1_916_928_000);
  assert.equal(answerNeeds(small, 'float16', 'float32', hourTokens).crossMemoryBytes, 2 * 958_464_000);
});

test('on a device keys and values take the buffers that they lie in, up to the largest size that there is', () => {
  assert.equal(answerNeeds(small, 'float16', 'float16', hourTokens).crossMemoryBytes, 8 * 134_217_728);
  assert.equal(answerNeeds(large, 'float16', 'float16', hourTokens).crossMemoryBytes, 1_916_928_000);
});

test('our own kernels need no second copy of a block, and in place of ONNX Runtime\'s buffers those that a question, a piece of the memory or of a prompt lies in', () => {
  const [graphs, kernels] = [false, true].map((hasKernel) => answerNeeds(small, 'float16', 'float16', hourTokens, { hasKernel }));
  assert.ok(graphs !== undefined && kernels !== undefined);
  assert.equal(kernels.blockCopyBytes, 0);
  assert.equal(kernels.crossMemoryBytes, 958_464_000, 'its own buffers are as large as what is in them');
  const rows = 512 * 17 + 600;
  const cacheRows = Math.ceil((rows + 512) / 128) * 128;
  assert.equal(kernels.cacheBytes, 36 * 2 * cacheRows * 256 * 2);
  // A piece of a prompt, what its last rows ask for, and a step.
  const decoder = 2 * (2048 * (4 * 2048 + 2560 + 3 * 11_008) + 36 * 128 * 2048) + 4 * (cacheRows / 128 * 2048 + 2 * 151_936);
  // The rows twice, the wide layer, each block's cross queries, self queries and what was gathered, self keys and values.
  const question = 2 * rows * (6 * 2048 + 6 * 2048 + 2 * 256);
  assert.ok(kernels.scratchBytes > decoder + question);
  assert.ok(kernels.totalBytes < graphs.totalBytes);
});

test('needs fall with the precision, and the tower alone needs less than an answer', () => {
  for (const shape of [small, large]) {
    const totals = (['float32', 'float16', 'int8', 'int4'] as const).map((weights) => answerNeeds(shape, weights, weights === 'float32' ? 'float32' : 'float16', hourTokens).totalBytes);
    assert.deepEqual(totals, totals.toSorted((one, other) => other - one));
    assert.ok(encodeNeeds(shape, 'float16') < (totals[3] ?? 0));
    // By our own kernels weights are a twentieth wider, and fewer things are kept at a time.
    assert.ok(kernelEncodeNeeds(shape, 'float16') < encodeNeeds(shape, 'float16', 16) && kernelEncodeNeeds(shape, 'float16') > encodeNeeds(shape, 'float16', 0));
  }
});

test('on our own device the released tower is as wide as matrix units take', () => {
  const widths = towerWidths(small.vision);
  assert.deepEqual(widths, { patches: 729, patchInputs: 608, headSize: 80, attended: 1280, intermediate: 4320 });
  for (const width of [widths.patchInputs, widths.attended, widths.intermediate, small.vision.channels]) assert.equal(width % 32, 0);
});

test('the float16 package of the 3B model is as large as was forecast', () => {
  // Weight files of a full import of a random checkpoint in that layout (docs/models.md).
  assert.ok(Math.abs(packageBytes(small, 'float16') / 8_042_765_440 - 1) < 0.005, String(packageBytes(small, 'float16')));
});
