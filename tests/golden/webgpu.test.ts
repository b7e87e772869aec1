import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { GoldenReport } from '../../engine/evaluation/golden.ts';
import { assertFloat32Case } from './assert-case.ts';
import { printedReport } from './printed-report.ts';
import { softwareVulkan } from './software-vulkan.ts';

const driver = softwareVulkan();
const dawn = await import('webgpu').catch(() => undefined);
/**
 * One case with the whole chain: repeated frames, memory, MemAug, twelve tokens. On a software driver each run compiles
 * its shaders anew and a case of 700 frames takes minutes; `longtake golden --provider webgpu` runs all of them.
 */
const cases = ['short.train'];

const skip = driver === undefined ? 'the software Vulkan driver in the npm package is for Linux x64' : false;

async function golden(way: string): Promise<GoldenReport> {
  const { stdout } = await promisify(execFile)(process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'webgpu-cases.ts'), way, ...cases],
    { env: { ...process.env, ...driver }, maxBuffer: 1 << 24 });
  const report = printedReport(stdout) as GoldenReport;
  assert.deepEqual(report.cases.map(({ name, textMask }) => `${name}.${textMask}`), cases);
  return report;
}

test('golden cases agree on WebGPU, with the caches on the device', { skip }, async () => {
  const report = await golden('webgpu');
  assert.equal(report.provider, 'webgpu');
  assert.ok(report.vision < 1e-4);
  for (const result of report.cases) assertFloat32Case(result);
});

test('golden cases agree with tower, MemAug and decoder by our own kernels', {
  skip: dawn === undefined ? 'needs the package webgpu' : skip,
}, async () => {
  const report = await golden('kernel');
  assert.equal(report.augmenter, 'plain');
  assert.equal(report.decoder, 'plain');
  assert.equal(report.tower, 'plain');
  assert.ok(report.vision < 1e-5, String(report.vision));
  for (const result of report.cases) assertFloat32Case(result);
});
