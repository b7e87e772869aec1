import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { printedReport } from '../golden/printed-report.ts';
import { softwareVulkan } from '../golden/software-vulkan.ts';

const driver = softwareVulkan();
const dawn = await import('webgpu').catch(() => undefined);
export const skipWithoutDriver = dawn === undefined || driver === undefined ? 'needs the package webgpu and the software Vulkan driver in npm (Linux x64)' : false;

/** What a file of cases in this folder prints on a software driver, in a process of its own: errors by name. */
export function reportOf(file: string): Record<string, number> {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, file)],
    { env: { ...process.env, ...driver }, encoding: 'utf8', timeout: 240_000 });
  assert.notEqual(stdout, '', stderr);
  return printedReport(stdout) as Record<string, number>;
}
