import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { printedReport } from '../golden/printed-report.ts';
import { softwareVulkan } from '../golden/software-vulkan.ts';

const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();

test('a decoder of our own kernels moves its cache when an answer outgrows it, keeps what was measured, and can be stopped between pieces', {
  skip: dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false,
}, () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'kernel-decoder-cases.ts')],
    { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 240_000 });
  assert.notEqual(stdout, '', stderr);
  const { grown, shares, ...said } = printedReport(stdout) as { grown: number; shares: number };
  assert.ok(grown < 0.01, String(grown)); // halves
  assert.equal(shares, 0);
  assert.deepEqual(said, { length: 140, refusal: 'cancelled', read: 130 });
});
