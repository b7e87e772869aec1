import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { GoldenReport } from '../../engine/evaluation/golden.ts';
import { assertFloat32Case } from './assert-case.ts';
import { softwareVulkan } from './software-vulkan.ts';

const driver = softwareVulkan();
/**
 * One case with the whole chain: repeated frames, memory, MemAug, twelve tokens. On a software driver each run compiles
 * its shaders anew and a case of 700 frames takes minutes; `longtake golden --provider webgpu` runs all of them.
 */
const cases = ['short.train'];

test('golden cases agree on WebGPU, with the caches on the device', {
  skip: driver === undefined ? 'the software Vulkan driver in the npm package is for Linux x64' : false,
}, async () => {
  const { stdout } = await promisify(execFile)(process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'webgpu-cases.ts'), ...cases],
    { env: { ...process.env, ...driver }, maxBuffer: 1 << 24 });
  const report = JSON.parse(stdout) as GoldenReport;
  assert.equal(report.provider, 'webgpu');
  assert.ok(report.vision < 1e-4);
  assert.deepEqual(report.cases.map(({ name, textMask }) => `${name}.${textMask}`), cases);
  for (const result of report.cases) assertFloat32Case(result);
});
