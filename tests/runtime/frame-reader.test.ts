import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { softwareVulkan } from '../golden/software-vulkan.ts';
import { scratchDirectory } from '../support/scratch.ts';

const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();
const skip = dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false;

test('a model without MemAug has its decoder in our own kernels, and everything else in ONNX Runtime', { skip }, () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'frame-reader-case.ts'), scratchDirectory('frame-reader')],
    { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 600_000 });
  assert.notEqual(stdout, '', stderr);
  const { who, difference } = z.object({ who: z.array(z.string()), difference: z.number() }).parse(JSON.parse(stdout));
  assert.deepEqual(who, ['onnxruntime plain', 'onnxruntime onnxruntime']);
  assert.ok(difference < 1e-4, String(difference));
});
