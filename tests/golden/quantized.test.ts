import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { buildModelPackage } from '../../engine/models/package.ts';
import { randomTensors, tinySizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { relativeDifference } from '../runtime/tiny-model.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { printedReport } from './printed-report.ts';
import { softwareVulkan } from './software-vulkan.ts';

const driver = softwareVulkan();

test('an int4 model answers on WebGPU, in operators that only WebGPU has, as on the CPU', {
  skip: driver === undefined ? 'the software Vulkan driver in the npm package is for Linux x64' : false,
}, async () => {
  const scratch = scratchDirectory('quantized');
  await writeCheckpoint(join(scratch, 'checkpoint'), tinySizes, { tensors: randomTensors(tinySizes) });
  const packageDirectory = join(scratch, 'package');
  await buildModelPackage(join(scratch, 'checkpoint'), packageDirectory, { weights: 'int4' });
  const [host, device] = await Promise.all((['cpu', 'webgpu'] as const).map(async (provider) => {
    const { stdout } = await promisify(execFile)(process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'quantized-logits.ts'), packageDirectory, provider],
      { env: { ...process.env, ...driver }, maxBuffer: 1 << 24 });
    const report = printedReport(stdout) as { readonly provider: string; readonly logits: number[][] };
    assert.equal(report.provider, provider);
    return report.logits.map((row) => Float32Array.from(row));
  }));
  // The CPU rounds inputs of products to 8 bits, a device may not.
  host?.forEach((expected, step) => { assert.ok(relativeDifference(device?.[step] ?? new Float32Array(), expected) < 0.03, `step ${String(step)}`); });
});
