import { spawn } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import type { WeightFormat } from '../models/weight-store.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { Device, ProviderName } from './session.ts';

const trialFile = path.join(import.meta.dirname, 'examine-trial.ts');
const timeoutMs = 60_000;

const verdictSchema = z.union([
  z.object({ reason: z.string() }),
  z.object({ compute: z.enum(['float32', 'float16']), attention: z.enum(['fused', 'plain']), keepsTensors: z.boolean(), crossAttention: z.enum(['matrix', 'plain']).optional() }),
]);
type Verdict = z.infer<typeof verdictSchema>;

const verdicts = new Map<string, Promise<Verdict>>();

/**
 * Tries a provider in a process of its own: a graphics driver that is not up to it writes to the terminal, and some
 * take their process down. Tried once a provider and weight format. Throws `provider-unavailable`.
 */
export async function examineApart(provider: ProviderName, weights: WeightFormat, threads: number | undefined): Promise<Device> {
  const key = `${provider} ${weights}`;
  const verdict = verdicts.get(key) ?? runTrial(provider, weights);
  verdicts.set(key, verdict);
  const found = await verdict;
  if ('reason' in found) throw new LongtakeError('provider-unavailable', found.reason, { provider });
  return { provider, threads, ...found };
}

async function runTrial(provider: ProviderName, weights: WeightFormat): Promise<Verdict> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', trialFile, provider, weights],
    { stdio: ['ignore', 'pipe', 'ignore'], timeout: timeoutMs, windowsHide: true });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => { printed += part; });
  const ending = await new Promise<string>((resolve) => {
    child.on('error', (error) => { resolve(error.message); });
    child.on('close', (code, signal) => { resolve(signal ?? `exit code ${String(code)}`); });
  });
  // ONNX Runtime may print as well: the verdict is the last line.
  const parsed = verdictSchema.safeParse(tryParse(printed.trim().split('\n').at(-1) ?? ''));
  return parsed.success ? parsed.data : { reason: `Trying it ended with ${ending}.` };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
