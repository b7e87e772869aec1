import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { softwareVulkan } from '../golden/software-vulkan.ts';

const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();

test('an attention kernel that fails is left for ONNX Runtime on the same provider, once and for all', {
  skip: dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false,
}, () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'kernel-fallback-case.ts')],
    { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 120_000 });
  assert.notEqual(stdout, '', stderr);
  const { logits, lookedAt, ...said } = JSON.parse(stdout) as { logits: number; lookedAt: number };
  assert.deepEqual(said, { before: 'plain', refusal: 'device-failed', after: 'onnxruntime', moves: ['cpu onnxruntime'], again: 'onnxruntime' });
  assert.ok(logits < 1e-3, String(logits));
  assert.ok(lookedAt < 1e-3, String(lookedAt));
});
