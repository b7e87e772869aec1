import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { softwareVulkan } from '../golden/software-vulkan.ts';

const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();
const skip = dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false;

test('MemAug\'s rows on our own device, of eight-bit weights and in halves, agree with ONNX Runtime\'s in float32', { skip }, () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'device-augmenter-case.ts')],
    { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 600_000 });
  assert.notEqual(stdout, '', stderr);
  const { rows, sameLength, typical } = z.object({ rows: z.int().positive(), sameLength: z.boolean(), typical: z.number() }).parse(JSON.parse(stdout));
  assert.ok(rows > 0 && sameLength);
  // Random weights magnify rounding, and ONNX Runtime rounds what it multiplies eight-bit weights with to eight bits as well.
  assert.ok(typical < 4e-2, String(typical));
});
