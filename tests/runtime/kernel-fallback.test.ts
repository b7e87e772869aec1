import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { printedReport } from '../golden/printed-report.ts';
import { softwareVulkan } from '../golden/software-vulkan.ts';

const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();

test('an attention kernel that fails is left for ONNX Runtime on the same provider, once and for all; until then all three ways answer alike', {
  skip: dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false,
}, () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'kernel-fallback-case.ts')],
    { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 120_000 });
  assert.notEqual(stdout, '', stderr);
  const { logits, lookedAt, streamed, streamedLookedAt, ...said } = printedReport(stdout) as Record<'logits' | 'lookedAt' | 'streamed' | 'streamedLookedAt', number>;
  assert.deepEqual(said, { before: 'plain', refusal: 'device-failed', after: 'onnxruntime', moves: ['cpu onnxruntime'], again: 'onnxruntime', reasons: ['The device was lost. ONNX Runtime attends to memories instead.'] });
  for (const difference of [logits, lookedAt, streamed, streamedLookedAt]) assert.ok(difference < 1e-3, JSON.stringify({ logits, lookedAt, streamed, streamedLookedAt }));
});
