import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '../..');
const python = process.env['LONGTAKE_PYTHON'] ?? 'python3';

export type Outcome = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Runs Python in the repository. Threads that wait do not spin: on a busy machine that costs more than it gains. */
export function runPython(parameters: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(python, parameters, { cwd: repository, encoding: 'utf8', timeout: 300_000, env: { ...process.env, OMP_WAIT_POLICY: 'passive' } });
  return { status, stdout, stderr };
}

/** What a command of the trainer prints. Fails with its messages if it fails. */
export function train(...parameters: readonly string[]): string {
  const { status, stdout, stderr } = runPython(['training/longtake_training', ...parameters]);
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Why the trainer cannot be tested here; false where it can. */
export function whyNotHere(): string | false {
  return runPython(['-c', 'import numpy, torch, tokenizers, safetensors']).status === 0
    ? false
    : `${python} with numpy, torch, tokenizers and safetensors is not installed: pip install -r training/requirements.txt, or set LONGTAKE_PYTHON`;
}
