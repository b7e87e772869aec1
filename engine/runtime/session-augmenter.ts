import { shareNames } from '../models/graph-names.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../protocol/features.ts';
import type { Augmented, Augmenter, AugmentInput, AugmentOptions, BuildOptions, CrossMemory } from './augmenter.ts';
import { runMemaug } from './memaug-run.ts';
import type { MemaugSessions } from './memaug-run.ts';
import { memoryTokens } from './memory-tokens.ts';
import { buildSessionCrossMemory, SessionCrossMemory } from './session-cross-memory.ts';
import type { CrossMemorySessions } from './session-cross-memory.ts';
import { output, placeOf } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, joinRows, numberTensor, numbersOf, toCompute } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Numbers of one materialised score matrix. Every run lays the block's keys out anew, so an accelerator gets more. */
const scoresPerRun = { host: 16e6, device: 64e6 } as const;

export type AugmenterSessions = CrossMemorySessions & MemaugSessions & {
  readonly projector: GraphSession;
  readonly shares: GraphSession;
  /** The cross-memory graph with outputs that come back, for memories whose keys and values do not fit the device. */
  readonly crossMemoryToHost: () => Promise<GraphSession>;
};

/** Projector and MemAug by ONNX Runtime. */
export class SessionAugmenter implements Augmenter {
  readonly #sessions: AugmenterSessions;
  readonly #spec: ModelSpec;
  readonly #device: Device;

  constructor(sessions: AugmenterSessions, spec: ModelSpec, device: Device) {
    this.#sessions = sessions;
    this.#spec = spec;
    this.#device = device;
  }

  async buildCrossMemory(source: FeatureSource, selection: TokenSelection, options: BuildOptions): Promise<CrossMemory> {
    const keptOnHost = this.#device.keepsTensors && options.keptOnHost === true;
    const crossMemory = keptOnHost ? await this.#sessions.crossMemoryToHost() : this.#sessions.crossMemory;
    return await buildSessionCrossMemory({ ...this.#sessions, crossMemory }, this.#spec, this.#device, source, selection, { ...options, keptOnHost });
  }

  async augment({ prefix, suffix, features, retained, positions, memory }: AugmentInput, options: AugmentOptions): Promise<Augmented> {
    if (!(memory instanceof SessionCrossMemory)) throw new LongtakeError('internal', 'This cross memory lies on another device.');
    const video = await memoryTokens(this.#sessions.projector, this.#spec, this.#device, features, retained, 0, retained.frames.length);
    const queryRows = joinRows(this.#device.compute, [prefix, video, suffix]);
    options.inspect?.(queryRows);
    const { rows, crossQueries } = await runMemaug(this.#sessions, this.#spec, this.#device, queryRows, positions, memory, options);
    return {
      read: () => Promise.resolve(rows),
      memoryShares: (picked, weights, signal) => this.#memoryShares(crossQueries, memory, picked, weights, signal),
      dispose: () => undefined,
    };
  }

  async #memoryShares(queries: Numbers, memory: SessionCrossMemory, rows: readonly number[], weights: ArrayLike<number>, signal: AbortSignal | undefined): Promise<Float64Array> {
    const { heads, headSize } = this.#spec.text;
    const { compute } = this.#device;
    const width = heads * headSize;
    const sums = new Float64Array(memory.tokenCount);
    const step = Math.max(1, Math.floor(scoresPerRun[placeOf(this.#device)] / (heads * memory.tokenCount)));
    await memory.useKeys(this.#spec.memaugDepth - 1, async (keys) => {
      for (let start = 0; start < rows.length; start += step) {
        throwIfCancelled(signal);
        const part = rows.slice(start, start + step);
        const picked = allocate(compute, part.length * width);
        part.forEach((row, index) => { picked.set(queries.subarray(row * width, (row + 1) * width), index * width); });
        const rowWeights = Float32Array.from(part, (_, index) => weights[start + index] as number);
        const results = await this.#sessions.shares.run({
          [shareNames.queries]: numberTensor(picked, [1, part.length, width]),
          [shareNames.rowWeights]: numberTensor(toCompute(compute, rowWeights), [part.length]),
          [shareNames.keys]: keys,
        }, [shareNames.shares]);
        numbersOf(output(results, shareNames.shares)).forEach((share, token) => { sums[token] = (sums[token] as number) + share; });
      }
    });
    return sums;
  }
}
