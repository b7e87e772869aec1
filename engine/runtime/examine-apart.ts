import { spawn } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import type { WeightFormat } from '../models/weight-store.ts';
import { LongtakeError, orCancelled } from '../protocol/errors.ts';
import { knownKernelFailure } from './device-failure.ts';
import type { Device, ProviderName } from './session.ts';

const trialFile = path.join(import.meta.dirname, 'examine-trial.ts');
const kernelTrialFile = path.join(import.meta.dirname, 'own', 'kernel-trial.ts');
const timeoutMs = 60_000;

const verdictSchema = z.union([
  z.object({ reason: z.string() }),
  z.object({ compute: z.enum(['float32', 'float16']), attention: z.enum(['fused', 'plain']), keepsTensors: z.boolean() }),
]);
type Verdict = z.infer<typeof verdictSchema>;

const verdicts = new Map<string, Promise<Verdict>>();

/**
 * Tries a provider in a process of its own: a graphics driver that is not up to it writes to the terminal, and some
 * take their process down. Tried once a provider and weight format: what nobody waits for any more is still tried to its end, and known the next time.
 * Throws `provider-unavailable`, `cancelled`.
 */
export async function examineApart(provider: ProviderName, weights: WeightFormat, threads: number | undefined, signal?: AbortSignal): Promise<Device> {
  const key = `${provider} ${weights}`;
  const verdict = verdicts.get(key) ?? runTrial(provider, weights);
  verdicts.set(key, verdict);
  const found = await orCancelled(verdict, signal);
  if ('reason' in found) throw new LongtakeError('provider-unavailable', found.reason, { provider });
  return { provider, threads, ...found };
}

const kernelVerdicts = new Map<string, Promise<boolean>>();

/**
 * Whether our own kernels, those of an answer or the tower's, are to be had beside this device and work, which is likewise tried in a process of
 * its own, once a weight format and once for the tower. Throws `cancelled`.
 */
export async function ownKernelsWork({ provider, compute, attention }: Device, which: WeightFormat | 'tower', signal?: AbortSignal): Promise<boolean> {
  // Matrix units are of halves.
  if (provider !== 'webgpu' || compute !== 'float16' || attention !== 'fused' || knownKernelFailure() !== undefined) return false;
  const verdict = kernelVerdicts.get(which)
    ?? lastLine([kernelTrialFile, which]).then(({ line }) => z.object({ works: z.literal(true) }).safeParse(line).success);
  kernelVerdicts.set(which, verdict);
  return await orCancelled(verdict, signal);
}

async function runTrial(provider: ProviderName, weights: WeightFormat): Promise<Verdict> {
  const { line, ending } = await lastLine([trialFile, provider, weights]);
  const parsed = verdictSchema.safeParse(line);
  return parsed.success ? parsed.data : { reason: `Trying it ended with ${ending}.` };
}

/** What a trial printed last, as JSON; drivers and ONNX Runtime may print as well. */
async function lastLine(args: readonly string[]): Promise<{ line: unknown; ending: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args],
    { stdio: ['ignore', 'pipe', 'ignore'], timeout: timeoutMs, windowsHide: true });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => { printed += part; });
  const ending = await new Promise<string>((resolve) => {
    child.on('error', (error) => { resolve(error.message); });
    child.on('close', (code, signal) => { resolve(signal ?? `exit code ${String(code)}`); });
  });
  return { line: tryParse(printed.trim().split('\n').at(-1) ?? ''), ending };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
