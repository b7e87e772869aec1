import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearMatrixShader } from '../../engine/kernels/linear-matrix-shader.ts';
import { checkShaders } from './check-shaders.ts';
import { reportOf, skipWithoutDriver } from './software-cases.ts';

const dawn = await import('webgpu').catch(() => undefined);

test('linear layers and norms compute what they are defined as, for every way in which weights are kept', { skip: skipWithoutDriver }, () => {
  const report = reportOf('linear-cases.ts');
  assert.equal(Object.keys(report).length, 19);
  // Results reach 15: halves of that size are 0.008 apart.
  for (const [name, worst] of Object.entries(report)) assert.ok(worst < (name.includes('f16') ? 8e-3 : 1e-4), `${name}: ${String(worst)}`);
});

test('linear layers for matrix units compute the same, with matrices that are spelled out', { skip: skipWithoutDriver }, () => {
  const report = reportOf('linear-matrix-cases.ts');
  assert.deepEqual(Object.keys(report), ['f16', 'int8', 'int4']);
  for (const [name, worst] of Object.entries(report)) assert.ok(worst < 8e-3, `${name}: ${String(worst)}`);
});

test('linear layers on matrix units are valid WGSL for every way in which weights are kept', {
  skip: dawn === undefined ? 'needs the package webgpu' : false,
}, async () => {
  const shaders = (['f16', 'int8', 'int4'] as const).flatMap((weight) => ([[2, 2, 64, 32], [4, 2, 32, 64], [1, 4, 16, 32]] as const).map(([down, across, rows, columns]) =>
    linearMatrixShader({ inputs: 2048, outputs: 2560, element: 'f16', weight, stored: 'f16', biased: columns === 64, activation: columns === 64 ? 'gelu' : 'none', adds: columns === 32 },
      { down, across, subgroupSize: 32, rows, columns })));
  assert.deepEqual(await checkShaders(shaders), []);
});
