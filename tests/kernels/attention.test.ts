import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { attentionShader } from '../../engine/kernels/attention-shader.ts';
import type { AttentionTiles } from '../../engine/kernels/attention-tiles.ts';
import { printedReport } from '../golden/printed-report.ts';
import { softwareVulkan } from '../golden/software-vulkan.ts';
import { checkShaders } from './check-shaders.ts';

const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();

const skip = dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false;

/** What a file of cases prints on a software driver. */
function reportOf(file: string): Record<string, number> {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, file)],
    { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 240_000 });
  assert.notEqual(stdout, '', stderr);
  return printedReport(stdout) as Record<string, number>;
}

test('the plain spelling computes what attention is defined as', { skip }, () => {
  const report = reportOf('attention-cases.ts');
  assert.ok(Object.keys(report).length >= 7);
  // Values reach 2.5: halves of that size are 0.002 apart.
  for (const [name, worst] of Object.entries(report)) assert.ok(worst < (name.includes('halves') ? 4e-3 : 2e-4), `${name}: ${String(worst)}`);
});

test('sequences one behind the other attend to themselves, in both spellings, whatever stands in the others', { skip }, () => {
  const report = reportOf('attention-sequences-cases.ts');
  assert.equal(Object.keys(report).length, 4);
  for (const [name, worst] of Object.entries(report)) assert.ok(worst < (name.includes('halves') ? 4e-3 : 2e-4), `${name}: ${String(worst)}`);
});

test('the spelling for matrix units is valid WGSL in every way of cutting the work', {
  skip: dawn === undefined ? 'needs the package webgpu' : false,
}, async () => {
  const shaders = ([[128, 2], [128, 4], [64, 2]] as const).flatMap(([headSize, keyHeads]) => [true, false].flatMap((staged) => [true, false].map((other) => {
    const tiles: AttentionTiles = { subgroups: 4, subgroupSize: 32, rowsPerSubgroup: other ? 32 : 16, keys: other ? 32 : 64, staged, ahead: other, queriesStay: other };
    return attentionShader({ headSize, keyHeads, element: 'f16', spelling: 'matrix', tiles });
  })));
  const tower: AttentionTiles = { subgroups: 8, subgroupSize: 32, rowsPerSubgroup: 16, keys: 32, staged: true, ahead: true, queriesStay: true };
  shaders.push(attentionShader({ headSize: 80, keyHeads: 16, element: 'f16', spelling: 'matrix', tiles: tower, sequences: { rows: 729 } }));
  assert.deepEqual(await checkShaders(shaders), []);
  // The check itself: matrices may be loaded where control flow is uniform only.
  const shader = attentionShader({ headSize: 128, keyHeads: 2, element: 'f16', spelling: 'matrix', tiles: { subgroups: 4, subgroupSize: 32, rowsPerSubgroup: 16, keys: 32, staged: true, ahead: true, queriesStay: true } });
  assert.match((await checkShaders([shader.replace('if (workgroupUniformLoad(&must_scale) != 0u)', 'if (thread < 7u)')])).join('\n'), /uniform control flow/u);
});
