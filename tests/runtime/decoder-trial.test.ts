import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import type { Disagreement } from '../../engine/runtime/own/decoder-trial.ts';
import { printedReport } from '../golden/printed-report.ts';
import { softwareVulkan } from '../golden/software-vulkan.ts';

const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();

test('a decoder of halves says the same after rows that it read together and one by one, with weights in halves and in codes of eight and four bits', {
  skip: dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false,
}, () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'decoder-trial-cases.ts')],
    { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 240_000 });
  assert.notEqual(stdout, '', stderr);
  const report = printedReport(stdout) as Record<string, Disagreement>;
  assert.deepEqual(Object.keys(report), ['float16', 'int4']); // of int4 the output layer has eight bits
  for (const [format, { logits, shares }] of Object.entries(report)) assert.ok(logits < 0.01 && shares < 1e-4, `${format}: ${JSON.stringify(report[format])}`);
});
