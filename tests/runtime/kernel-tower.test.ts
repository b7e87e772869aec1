import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { filledBytes, filledPieces } from '../../engine/runtime/own/filled-matrices.ts';
import { printedReport } from '../golden/printed-report.ts';
import { softwareVulkan } from '../golden/software-vulkan.ts';
import { scratchDirectory } from '../support/scratch.ts';

const dawn = await import('webgpu').catch(() => undefined);
const driver = softwareVulkan();
const skip = dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false;

/** What a file of cases prints on a software driver. */
async function reportOf<Report>(file: string): Promise<Report> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, file)], { env: { ...process.env, ...driver }, timeout: 600_000 });
  let [printed, complaint] = ['', ''];
  child.stdout.on('data', (text: Buffer) => { printed += text.toString(); });
  child.stderr.on('data', (text: Buffer) => { complaint += text.toString(); });
  await new Promise((resolve) => { child.once('close', resolve); });
  assert.notEqual(printed, '', complaint);
  return printedReport(printed) as Report;
}

type Comparison = { readonly by: string; readonly alike: boolean; readonly patches: number; readonly features: number; readonly encoded: number };

test('the tower by our own kernels computes what ONNX Runtime\'s does, the same bytes of a frame in any company, and gives way when it fails', { skip }, async () => {
  const { fallback, ...towers } = await reportOf<Record<'tiny' | 'demo' | 'demoHalves', Comparison> & { readonly fallback: unknown }>('kernel-tower-case.ts');
  assert.deepEqual(Object.keys(towers), ['tiny', 'demo', 'demoHalves']);
  for (const [name, { by, alike, patches, features, encoded }] of Object.entries(towers)) {
    const bound = name === 'demoHalves' ? 4e-3 : 1e-5;
    assert.ok(by === 'plain onnxruntime' && alike && patches < bound && features < bound, JSON.stringify({ name, by, alike, patches, features }));
    assert.ok(encoded < 4e-3, `halves of ${name}: ${String(encoded)}`);
  }
  assert.deepEqual(fallback, {
    stopped: 'cancelled', misfit: 'bad-argument', repeats: true, moves: ['cpu onnxruntime'], difference: true, later: 'onnxruntime', reasons: ['The device was lost. ONNX Runtime encodes frames instead.'],
  });
});

test('the trial of the tower, with its matrices spelled out, tells right ones from wrong ones', { skip }, async () => {
  assert.deepEqual(await reportOf('tower-trial-case.ts'), { right: true, wrong: false });
});

test('matrices come side by side from a file, filled up in rows and columns, in pieces of any size', async () => {
  const [rows, columns] = [{ count: 2, stored: 3, held: 5 }, { count: 3, stored: 2, held: 4 }];
  const stored = Float32Array.from({ length: 2 * 36 + 1 }, (_, index) => index + 1);
  const file = path.join(scratchDirectory('filled'), 'weights');
  await writeFile(file, new Uint8Array(stored.buffer));
  const matrix = { rows, columns, elementBytes: 4 };
  const wanted = new Float32Array(10 * 24);
  for (let row = 0; row < 6; row += 1) {
    for (let column = 0; column < 6; column += 1) {
      const place = (Math.floor(row / 3) * 5 + row % 3) * 24 + Math.floor(column / 2) * 4 + column % 2;
      wanted[place] = stored[row * 6 + column] as number;
      wanted[place + 12] = stored[37 + row * 6 + column] as number;
    }
  }
  assert.equal(filledBytes(matrix, 2), wanted.byteLength);
  await using handle = await open(file);
  for (const most of [96, 3 * 96, 1 << 20]) { // a row of the buffer, three, all
    const found = new Uint8Array(wanted.byteLength);
    for (const piece of filledPieces([0, 37 * 4], matrix, most)) {
      const staging = new Uint8Array(Math.max(96, most)).fill(255);
      await piece.read(handle, staging);
      found.set(staging.subarray(0, piece.byteLength), piece.byteOffset);
    }
    assert.deepEqual(new Float32Array(found.buffer), wanted);
  }
});
