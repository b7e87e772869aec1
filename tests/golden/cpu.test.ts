import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runGolden } from '../../engine/evaluation/golden.ts';
import { assertFloat32Case } from './assert-case.ts';

const fixture = join(import.meta.dirname, '..', 'fixtures', 'hour-llava-golden');

test('the CPU computes in float32 what the authors\' modules compute, to the last greedy token', async () => {
  const report = await runGolden(fixture, { provider: 'cpu' });
  assert.equal(report.compute, 'float32');
  assert.ok(report.vision < 1e-5, String(report.vision));
  assert.equal(report.cases.length, 6);
  for (const result of report.cases) assertFloat32Case(result);
});

test('float16 weights keep the greedy tokens', async () => {
  const report = await runGolden(fixture, { provider: 'cpu', weights: 'float16', only: (name) => name !== 'long' });
  assert.ok(report.vision < 2e-3, String(report.vision));
  for (const result of report.cases) {
    assert.ok(result.logits < 5e-2, JSON.stringify(result));
    assert.equal(result.agreeingTokens, result.expectedTokens, JSON.stringify(result));
  }
});

for (const attention of ['fused', 'plain'] as const) {
  test(`the graphs for accelerators, with ${attention} attention and their own caches, compute the same`, async () => {
    const report = await runGolden(fixture, {
      device: { provider: 'cpu', compute: 'float32', attention, keepsTensors: true, threads: undefined },
      slotsPerRun: 19, only: (name) => name === 'short',
    });
    assert.ok(report.vision < 1e-5, String(report.vision));
    for (const result of report.cases) assertFloat32Case(result);
  });
}

test('the graphs that compute in float16 stay close to the reference', async () => {
  const report = await runGolden(fixture, {
    weights: 'float16', device: { provider: 'cpu', compute: 'float16', attention: 'fused', keepsTensors: true, threads: undefined },
    only: (name) => name === 'short',
  });
  assert.ok(report.vision < 5e-3, String(report.vision));
  for (const result of report.cases) {
    assert.ok(result.logits < 5e-2, JSON.stringify(result));
    assert.ok(result.agreeingTokens >= 4, JSON.stringify(result));
  }
});

// Random weights with sharp attention magnify every rounding, so these bounds say only that the layout of the codes,
// scales and blocks is read as it was written; what quantisation costs a trained model is measured on that model.
for (const [weights, logits] of [['int8', 0.15], ['int4', 0.7]] as const) {
  test(`${weights} weights drift no further than their steps explain`, async () => {
    const report = await runGolden(fixture, { provider: 'cpu', weights, only: (name) => name === 'short' });
    for (const result of report.cases) {
      assert.ok(result.memaugInputMean < 1e-3, JSON.stringify(result));
      assert.ok(result.memaugOutputTypical < 0.25, JSON.stringify(result));
      assert.ok(result.logits < logits, JSON.stringify(result));
    }
  });
}
