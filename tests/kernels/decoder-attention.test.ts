import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { keySharesShader, rowTotalsShader } from '../../engine/kernels/attention-shares-shader.ts';
import { attentionShader } from '../../engine/kernels/attention-shader.ts';
import { chooseTiles } from '../../engine/kernels/attention-tiles.ts';
import { membersOf } from '../../engine/kernels/decoder-heads.ts';
import { rotaryShader } from '../../engine/kernels/rotary-shader.ts';
import { combineShader, stepAttentionShader } from '../../engine/kernels/step-attention-shader.ts';
import { printedReport } from '../golden/printed-report.ts';
import { softwareVulkan } from '../golden/software-vulkan.ts';
import { checkShaders } from './check-shaders.ts';

const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();

test('rows and steps of a decoder attend as defined, and what each key got of it sums up', {
  skip: dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false,
}, () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'decoder-attention-cases.ts')],
    { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 240_000 });
  assert.notEqual(stdout, '', stderr);
  const report = printedReport(stdout) as Record<string, { rows: number; steps: number; shares: number }>;
  assert.equal(Object.keys(report).length, 4);
  for (const [name, worst] of Object.entries(report)) {
    // Values reach 2.5: halves of that size are 0.002 apart, and rotated queries and keys are rounded before they meet.
    const tolerance = name.includes('halves') ? 2e-2 : 2e-4;
    for (const [what, error] of Object.entries(worst)) assert.ok(error < tolerance, `${name}, ${what}: ${String(error)}`);
  }
});

test('at the released models\' shapes the kernels are valid WGSL, that of many rows on matrix units', {
  skip: dawn === undefined ? 'needs the package webgpu' : false,
}, async () => {
  const shaders = ([[16, 2], [28, 4]] as const).flatMap(([heads, keyHeads]) => {
    const shape = { heads, keyHeads, headSize: 128, element: 'f16' } as const;
    const tiles = chooseTiles(128, 'matrix', 32);
    return [
      attentionShader({ headSize: 128, keyHeads, element: 'f16', spelling: 'matrix', tiles, causal: { members: membersOf(shape) } }),
      rotaryShader(shape), stepAttentionShader(shape, 0.1), combineShader(shape), rowTotalsShader(shape), keySharesShader(shape),
    ];
  });
  assert.deepEqual(await checkShaders(shaders), []);
});
