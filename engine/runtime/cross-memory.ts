import type { Tensor } from 'onnxruntime-node';
import { memoryTokensPerRun } from '../models/costs.ts';
import { crossMemoryNames, rotaryNames } from '../models/graph-names.ts';
import { memaugRotarySize } from '../models/memaug.ts';
import { selectionPositions } from '../models/memaug-query.ts';
import { rotaryTables } from '../models/rotary.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../protocol/features.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import { projectedTokens } from './memory-tokens.ts';
import type { PieceJoiner } from './piece-joiner.ts';
import { output } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, numberTensor, numbersOf, toCompute } from './tensors.ts';
import type { Numbers } from './tensors.ts';

export type CrossMemorySessions = {
  /** Leaves its tokens where `crossMemory` takes them up. */
  readonly memoryProjector: GraphSession;
  readonly crossMemory: GraphSession;
  readonly joiner: PieceJoiner;
};

/**
 * The rotated keys and the values of every MemAug block for a selection of a memory. They depend on no question: one
 * serves all of a conversation. They take memoryTokens · key channels · 2 · blocks numbers; dispose of it.
 */
export class CrossMemory implements Disposable {
  readonly selection: TokenSelection;
  readonly tokenCount: number;
  readonly #upload: PieceJoiner | undefined;
  #blocks: readonly { readonly key: Tensor; readonly value: Tensor }[];

  /** `upload` joins two tensors on the device, for keys and values that are kept on the host. */
  constructor(selection: TokenSelection, tokenCount: number, blocks: readonly { key: Tensor; value: Tensor }[], upload?: PieceJoiner) {
    this.#upload = upload;
    this.selection = selection;
    this.tokenCount = tokenCount;
    this.#blocks = blocks;
  }

  /** Keys and values of one block, each [1, tokens, keyHeads · headSize], where they are kept. */
  block(index: number): { readonly key: Tensor; readonly value: Tensor } {
    const block = this.#blocks[index];
    if (block === undefined) throw new LongtakeError('internal', 'This cross memory was disposed of.');
    return block;
  }

  /** As `block`, on the device while `work` runs: one block at a time fits where all of them do not. */
  async useBlock<Result>(index: number, work: (block: { readonly key: Tensor; readonly value: Tensor }) => Promise<Result>): Promise<Result> {
    const kept = this.block(index);
    if (this.#upload === undefined) return await work(kept);
    const key = await uploaded(this.#upload, kept.key);
    try {
      const value = await uploaded(this.#upload, kept.value);
      try {
        return await work({ key, value });
      } finally {
        if (value !== kept.value) value.dispose();
      }
    } finally {
      if (key !== kept.key) key.dispose();
    }
  }

  get isDisposed(): boolean {
    return this.#blocks.length === 0;
  }

  dispose(): void {
    for (const { key, value } of this.#blocks) {
      key.dispose();
      value.dispose();
    }
    this.#blocks = [];
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** A host tensor [1, rows, channels] on the device: its halves, joined there. One row has no halves and stays. */
async function uploaded(joiner: PieceJoiner, tensor: Tensor): Promise<Tensor> {
  const [, rows = 0, channels = 0] = tensor.dims;
  const half = rows >> 1;
  if (half === 0) return tensor;
  const values = numbersOf(tensor);
  const part = (from: number, to: number) => numberTensor(values.subarray(from * channels, to * channels), [1, to - from, channels]);
  return await joiner.join([part(0, half), part(half, rows)]);
}

export type BuildOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Slots of one native run; default by their cost. Tests make many small pieces of a small memory. */
  readonly slotsPerRun?: number | undefined;
  /** Keeps keys and values on the host although the device could; needs a cross-memory session whose outputs come back. */
  readonly keptOnHost?: boolean | undefined;
};

/** Projects the selected tokens and computes their keys and values, a piece of the memory at a time. */
export async function buildCrossMemory(
  sessions: CrossMemorySessions, spec: ModelSpec, device: Device, source: FeatureSource,
  selection: TokenSelection, options: BuildOptions,
): Promise<CrossMemory> {
  const slots = selection.frames.length;
  const tokenCount = slots * selection.tokensPerSlot;
  const positions = selectionPositions(selection, spec.tokensPerFrame);
  const slotsPerRun = options.slotsPerRun
    ?? Math.max(1, Math.round(memoryTokensPerRun(spec, device.keepsTensors ? 'device' : 'host') / selection.tokensPerSlot));
  const streamed = device.keepsTensors && options.keptOnHost === true;
  const collector = device.keepsTensors && !streamed
    ? new DeviceCollector(spec, sessions.joiner)
    : new HostCollector(spec, device, tokenCount);
  try {
    for (let slot = 0; slot < slots; slot += slotsPerRun) {
      throwIfCancelled(options.signal);
      const end = Math.min(slots, slot + slotsPerRun);
      const tokens = await projectedTokens(sessions.memoryProjector, spec, device, source, selection, slot, end);
      const firstToken = slot * selection.tokensPerSlot;
      const rows = (end - slot) * selection.tokensPerSlot;
      const tables = rotaryTables(positions.subarray(firstToken, firstToken + rows), memaugRotarySize(spec.text), spec.text.ropeTheta);
      const half = memaugRotarySize(spec.text) / 2;
      const results = await sessions.crossMemory.run({
        [crossMemoryNames.tokens]: tokens,
        [rotaryNames.cosine]: numberTensor(toCompute(device.compute, tables.cosine), [rows, half]),
        [rotaryNames.sine]: numberTensor(toCompute(device.compute, tables.sine), [rows, half]),
      }, crossMemoryOutputs(spec)).finally(() => { tokens.dispose(); });
      await collector.add(results, rows);
      options.onProgress?.({ stage: 'memory', done: end, total: slots });
    }
    return new CrossMemory(selection, tokenCount, await collector.finish(), streamed ? sessions.joiner : undefined);
  } catch (error) {
    collector.discard();
    throw error;
  }
}

/** Names of all outputs of the cross-memory graph. */
export function crossMemoryOutputs(spec: ModelSpec): string[] {
  return Array.from({ length: spec.memaugDepth }, (_, block) => [crossMemoryNames.key(block), crossMemoryNames.value(block)]).flat();
}

/** Copies each piece into one buffer a block, from where runs read it in place. */
class HostCollector {
  readonly #spec: ModelSpec;
  readonly #buffers: Map<string, Numbers>;
  readonly #channels: number;
  #tokens = 0;

  constructor(spec: ModelSpec, device: Device, tokenCount: number) {
    this.#spec = spec;
    this.#channels = spec.text.keyHeads * spec.text.headSize;
    this.#buffers = new Map(crossMemoryOutputs(spec).map((name) => [name, allocate(device.compute, tokenCount * this.#channels)]));
  }

  add(results: Record<string, Tensor>, rows: number): Promise<void> {
    for (const [name, buffer] of this.#buffers) buffer.set(numbersOf(output(results, name)), this.#tokens * this.#channels);
    this.#tokens += rows;
    return Promise.resolve();
  }

  finish(): Promise<{ key: Tensor; value: Tensor }[]> {
    const tensor = (name: string) => numberTensor(this.#buffers.get(name) as Numbers, [1, this.#tokens, this.#channels]);
    return Promise.resolve(Array.from({ length: this.#spec.memaugDepth }, (_, block) =>
      ({ key: tensor(crossMemoryNames.key(block)), value: tensor(crossMemoryNames.value(block)) })));
  }

  discard(): void {
    this.#buffers.clear();
  }
}

/** Leaves the pieces on the device and joins those of one tensor at a time at the end. */
class DeviceCollector {
  readonly #spec: ModelSpec;
  readonly #joiner: PieceJoiner;
  readonly #pieces: Map<string, Tensor[]>;

  constructor(spec: ModelSpec, joiner: PieceJoiner) {
    this.#spec = spec;
    this.#joiner = joiner;
    this.#pieces = new Map(crossMemoryOutputs(spec).map((name) => [name, []]));
  }

  add(results: Record<string, Tensor>): Promise<void> {
    for (const [name, pieces] of this.#pieces) pieces.push(output(results, name));
    return Promise.resolve();
  }

  async finish(): Promise<{ key: Tensor; value: Tensor }[]> {
    for (const [name, pieces] of this.#pieces) {
      const joined = await this.#joiner.join(pieces);
      for (const piece of pieces) if (piece !== joined) piece.dispose();
      this.#pieces.set(name, [joined]);
    }
    const tensor = (name: string) => this.#pieces.get(name)?.[0] as Tensor;
    return Array.from({ length: this.#spec.memaugDepth }, (_, block) =>
      ({ key: tensor(crossMemoryNames.key(block)), value: tensor(crossMemoryNames.value(block)) }));
  }

  discard(): void {
    for (const pieces of this.#pieces.values()) for (const piece of pieces) piece.dispose();
  }
}
