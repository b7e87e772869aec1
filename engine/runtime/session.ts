import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import type { Tensor } from 'onnxruntime-node';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { graphFile } from '../models/graph-names.ts';
import type { AttentionKind, ComputeType } from '../models/weight-store.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { runFailure } from './device-failure.ts';
import { withBits } from './tensors.ts';

/** ONNX Runtime's providers that this project tries, by its names. */
export type ProviderName = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';

/** Where graphs run and in what they compute. */
export type Device = {
  readonly provider: ProviderName;
  readonly compute: ComputeType;
  /** How its graphs attend: 'plain' where the fused operators were found to compute wrongly. */
  readonly attention: AttentionKind;
  /** Tensors can stay on the device between runs. With other accelerators they cross the bus at every run. */
  readonly keepsTensors: boolean;
  /** Threads of one run on the CPU; undefined leaves it to ONNX Runtime (one a core). */
  readonly threads: number | undefined;
};

/** Where a run's tensors are, as what a run may cost is told by place. */
export function placeOf({ keepsTensors }: Pick<Device, 'keepsTensors'>): 'host' | 'device' {
  return keepsTensors ? 'device' : 'host';
}

/**
 * Where each output of a graph goes. NOTE output places: once one is given, ONNX Runtime's Node binding (1.30)
 * - leaves outputs that are not named on the device, where reading them fails (or, by `getData()`, ends the process);
 * - counts places among the outputs asked for, and keeps those of earlier runs bound.
 * So every output is named, and every run of such a session asks for all of them.
 */
export type OutputPlaces = Readonly<Record<string, 'cpu' | 'gpu-buffer'>>;

export function outputPlaces(onDevice: readonly string[], onHost: readonly string[] = []): OutputPlaces {
  return Object.fromEntries([
    ...onDevice.map((name) => [name, 'gpu-buffer'] as const), ...onHost.map((name) => [name, 'cpu'] as const),
  ]);
}

/** Scores that plain attention may hold at a time. */
export const plainScores = 64e6;

export type GraphOptions = {
  /** Of every output whether it stays on a device that keeps tensors; without it all come back. */
  readonly places?: OutputPlaces;
  /** The graph comes in the variants of `AttentionKind`. */
  readonly attends?: boolean;
};

type Tensors = Readonly<Record<string, Tensor>>;

/** One loaded graph. */
export class GraphSession {
  readonly #session: InferenceSession;
  readonly #name: string;
  readonly #provider: ProviderName;

  /** Whether some outputs stay on the device: then every run has to ask for all outputs. */
  readonly hasPlaces: boolean;

  private constructor(session: InferenceSession, name: string, provider: ProviderName, hasPlaces: boolean) {
    this.hasPlaces = hasPlaces;
    this.#provider = provider;
    this.#session = session;
    this.#name = name;
  }

  /** Loads a graph of a package. Throws `provider-unavailable`. */
  static async open(packageDirectory: string, fileName: string, device: Device, options: GraphOptions = {}): Promise<GraphSession> {
    const path = join(packageDirectory, graphFile(fileName, device.compute, options.attends === true ? device.attention : 'fused'));
    return await GraphSession.#create(path, fileName, device, options);
  }

  /** Loads a graph without stored weights that is in no package. Throws `provider-unavailable`. */
  static async fromGraph(graph: GraphBuilder, device: Device, options: GraphOptions = {}): Promise<GraphSession> {
    return await GraphSession.#create(graph.encode(), graph.name, device, options);
  }

  static async #create(source: string | Uint8Array, name: string, device: Device, { places = {} }: GraphOptions): Promise<GraphSession> {
    const options: InferenceSession.SessionOptions = {
      executionProviders: device.provider === 'cpu' ? ['cpu'] : [device.provider, 'cpu'],
      graphOptimizationLevel: 'all',
      // Warnings are about nodes that stay on the CPU on purpose; the log is not for users.
      logSeverityLevel: 3,
      // The arena keeps the largest run's scratch for good and doubles as it grows.
      enableCpuMemArena: false,
      enableMemPattern: false,
      // Threads that spin between runs cost a desktop a core and, where other work shares the cores, most of the speed.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      ...(device.threads === undefined ? {} : { intraOpNumThreads: device.threads }),
      // Only WebGPU has another place: elsewhere a device's tensors are those of this process, which tests make use of.
      ...(device.provider === 'webgpu' && Object.keys(places).length > 0 ? { preferredOutputLocation: places } : {}),
    };
    try {
      const session = typeof source === 'string' ? await InferenceSession.create(source, options) : await InferenceSession.create(source, options);
      return new GraphSession(session, name, device.provider, Object.keys(places).length > 0);
    } catch (cause) {
      throw new LongtakeError('provider-unavailable', `${device.provider} could not load ${name}: ${messageOf(cause)}`, { provider: device.provider, name }, { cause });
    }
  }

  /**
   * One native run, which blocks this process's event loop while it lasts. Only `outputs` are brought back.
   * An output in `into` is written into that tensor, which may be one of the feeds where the operator says so; only in
   * sessions without `places`. Throws `device-failed` or `out-of-memory`.
   */
  async run(feeds: Tensors, outputs: readonly string[], into?: Tensors): Promise<Record<string, Tensor>> {
    try {
      const wanted = into === undefined ? outputs : { ...Object.fromEntries(outputs.map((name) => [name, null])), ...into };
      const results = await this.#session.run(feeds, wanted) as Record<string, Tensor>;
      for (const tensor of Object.values(results)) withBits(tensor);
      return results;
    } catch (cause) {
      throw runFailure(this.#provider, this.#name, messageOf(cause), cause);
    }
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

/** The named output of a run. */
export function output(results: Record<string, Tensor>, name: string): Tensor {
  const tensor = results[name];
  if (tensor === undefined) throw new LongtakeError('internal', `A graph did not return "${name}".`);
  return tensor;
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
