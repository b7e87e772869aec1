import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { graphFile, joinNames, packageFiles } from '../models/graphNames.ts';
import { buildJoin } from '../models/join.ts';
import type { ComputeType, WeightFormat } from '../models/weightStore.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { messageOf } from './session.ts';
import type { Device, ProviderName } from './session.ts';

export type ProviderChoice = 'auto' | ProviderName;

/** Why a provider is not used, in ONNX Runtime's words. */
export type RefusedProvider = { readonly provider: ProviderName; readonly reason: string };

/** What 'auto' tries, in this order; one that fails to load would fail a whole session, so each is tried alone. */
const candidates: readonly ProviderName[] = ['webgpu', 'cpu'];

/**
 * Finds the device to run on: the one asked for, or for 'auto' the first that computes correctly here.
 * Throws `provider-unavailable` where the one asked for does not work.
 */
export async function chooseDevice(
  choice: ProviderChoice, weights: WeightFormat, threads: number | undefined,
): Promise<{ device: Device; refused: readonly RefusedProvider[] }> {
  const refused: RefusedProvider[] = [];
  for (const provider of choice === 'auto' ? candidates : [choice]) {
    const reason = await refusal(provider, 'float32');
    if (reason !== undefined) {
      refused.push({ provider, reason });
      continue;
    }
    const keepsTensors = provider === 'webgpu';
    const half = keepsTensors && weights !== 'float32' && await refusal(provider, 'float16') === undefined;
    return { device: { provider, compute: half ? 'float16' : 'float32', keepsTensors, threads }, refused };
  }
  throw new LongtakeError('provider-unavailable',
    `${refused.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ')}. Use the provider "cpu", which always works.`,
    { refused });
}

/** Joins two rows with the provider; undefined where the result is right, else what went wrong. */
async function refusal(provider: ProviderName, compute: ComputeType): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'longtake-provider-'));
  try {
    const path = join(directory, graphFile(packageFiles.join, compute));
    await writeFile(path, buildJoin(compute).encode());
    const session = await InferenceSession.create(path, { executionProviders: [provider], logSeverityLevel: 4 });
    try {
      const tensor = (value: number) => compute === 'float32'
        ? new Tensor('float32', Float32Array.of(value), [1, 1, 1])
        : new Tensor('float16', new Uint16Array(Float16Array.of(value).buffer), [1, 1, 1]);
      const results = await session.run({ [joinNames.first]: tensor(1.5), [joinNames.second]: tensor(-2) });
      const values = Array.from(results[joinNames.joined]?.data as Iterable<number>);
      return values[0] === 1.5 && values[1] === -2 ? undefined : `computes ${values.join(', ')} where 1.5, -2 is right`;
    } finally {
      await session.release();
    }
  } catch (error) {
    return messageOf(error);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
