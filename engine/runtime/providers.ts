import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import type { Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { attendAll } from '../models/attention.ts';
import { joinNames } from '../models/graph-names.ts';
import { buildJoin } from '../models/join.ts';
import type { ComputeType, WeightFormat } from '../models/weight-store.ts';
import { LongtakeError, isLongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { attentionByDefinition } from './attention-definition.ts';
import { examineApart } from './examine-apart.ts';
import { messageOf } from './session.ts';
import type { Device, ProviderName } from './session.ts';
import { numberTensor, numbersOf, toCompute } from './tensors.ts';
import type { Numbers } from './tensors.ts';

export type ProviderChoice = 'auto' | ProviderName;

/** Why a provider is not used, in ONNX Runtime's words. */
export type RefusedProvider = { readonly provider: ProviderName; readonly reason: string };

/** What 'auto' tries, in this order; one that fails to load would fail a whole session, so each is tried alone. */
const candidates: readonly ProviderName[] = ['webgpu', 'cpu'];

/**
 * Calls `open` with the device asked for, or for 'auto' with each candidate until one works; why others did not is
 * kept; one of which `knownRefusal` says why it is of no use is not tried. Throws `provider-unavailable` where none works, and `cancelled`.
 */
export async function onFirstDevice<Opened>(
  choice: ProviderChoice, weights: WeightFormat, threads: number | undefined,
  open: (device: Device, refused: readonly RefusedProvider[]) => Promise<Opened>,
  knownRefusal: (provider: ProviderName) => string | undefined = () => undefined,
  signal?: AbortSignal,
): Promise<Opened> {
  const refused: RefusedProvider[] = [];
  for (const provider of choice === 'auto' ? candidates : [choice]) {
    throwIfCancelled(signal);
    const known = choice === 'auto' ? knownRefusal(provider) : undefined;
    if (known !== undefined) {
      refused.push({ provider, reason: known });
      continue;
    }
    try {
      const apart = choice === 'auto' && provider !== 'cpu';
      return await open(apart ? await examineApart(provider, weights, threads, signal) : await examine(provider, weights, threads, false), refused);
    } catch (error) {
      if (!isLongtakeError(error, 'provider-unavailable')) throw error;
      refused.push({ provider, reason: error.message });
    }
  }
  throw new LongtakeError('provider-unavailable',
    `${refused.map(({ provider, reason }) => `${provider}: ${reason.replace(/\.$/u, '')}`).join('; ')}. The provider "cpu" always works.`, { refused });
}

/** The device that a model would run on. Throws `provider-unavailable`. */
export async function chooseDevice(choice: ProviderChoice, weights: WeightFormat, threads?: number): Promise<Device> {
  return await onFirstDevice(choice, weights, threads, (device) => Promise.resolve(device));
}

/** What a provider can do here, tried on small graphs. Throws `provider-unavailable` where it does not compute rightly. */
export async function examine(provider: ProviderName, weights: WeightFormat, threads: number | undefined, automatic: boolean): Promise<Device> {
  const reason = await refusal(provider, 'float32');
  if (reason !== undefined) throw new LongtakeError('provider-unavailable', reason, { provider });
  const keepsTensors = provider === 'webgpu';
  const half = keepsTensors && weights !== 'float32' && await refusal(provider, 'float16') === undefined
    && await attendsRightly(provider, 'float16');
  const attention = provider === 'cpu' || half || await attendsRightly(provider, 'float32') ? 'fused' : 'plain';
  if (automatic && attention === 'plain') {
    // Seen with software drivers; the CPU provider is faster than any of them.
    throw new LongtakeError('provider-unavailable', 'Its fused attention gives wrong numbers on this driver.', { provider });
  }
  return { provider, compute: half ? 'float16' : 'float32', attention, keepsTensors, threads };
}

/** Joins two rows with the provider; undefined where the result is right, else what went wrong. */
async function refusal(provider: ProviderName, compute: ComputeType): Promise<string | undefined> {
  const row = (value: number) => numberTensor(toCompute(compute, Float32Array.of(value)), [1, 1, 1]);
  try {
    const results = await runOnce(provider, buildJoin(compute, 2), { [joinNames.piece(0)]: row(1.5), [joinNames.piece(1)]: row(-2) });
    const values = Array.from(results[0] ?? []);
    return values[0] === 1.5 && values[1] === -2 ? undefined : `computes ${values.join(', ')} where 1.5, -2 is right`;
  } catch (error) {
    return readable(messageOf(error));
  }
}

/** ONNX Runtime's message without the place in its sources and the condition in front. */
export function readable(message: string): string {
  return message.replace(/^.*? was false\. /s, '').trim();
}

/** Whether the fused attention of a provider agrees with its definition, on more queries than decoding kernels take. */
async function attendsRightly(provider: ProviderName, compute: ComputeType): Promise<boolean> {
  const [queries, keys, channels] = [72, 80, 16];
  const graph = new GraphBuilder('attention_check', 'Fused attention of one head');
  const input = (name: string, rows: number) => graph.input(name, compute, [1, rows, channels]);
  graph.output('attended', attendAll(graph, 'fused', input('query', queries), input('key', keys), input('value', keys), 1));
  const wave = (rows: number, step: number) => Float32Array.from({ length: rows * channels }, (_, index) => 1.5 * Math.sin(step * index));
  const [query, key, value] = [wave(queries, 1.3), wave(keys, 2.1), wave(keys, 0.7)];
  const expected = attentionByDefinition(query, key, value, channels);
  try {
    const tensor = (values: Float32Array<ArrayBuffer>, rows: number) => numberTensor(toCompute(compute, values), [1, rows, channels]);
    const [found] = await runOnce(provider, graph, { query: tensor(query, queries), key: tensor(key, keys), value: tensor(value, keys) });
    const tolerance = compute === 'float32' ? 1e-4 : 2e-2;
    return found !== undefined && expected.every((wanted, index) => Math.abs(wanted - (found[index] as number)) < tolerance);
  } catch {
    return false;
  }
}

/** Runs a graph without weights once, in a session of its own; all outputs in order. */
async function runOnce(provider: ProviderName, graph: GraphBuilder, feeds: Record<string, Tensor>): Promise<Numbers[]> {
  const directory = await mkdtemp(join(tmpdir(), 'longtake-provider-'));
  try {
    const path = join(directory, 'check.onnx');
    await writeFile(path, graph.encode());
    const session = await InferenceSession.create(path, { executionProviders: [provider], logSeverityLevel: 4 });
    try {
      const results = await session.run(feeds);
      return session.outputNames.map((name) => numbersOf(results[name] as Tensor));
    } finally {
      await session.release();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
