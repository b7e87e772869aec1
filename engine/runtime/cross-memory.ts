import type { Tensor } from 'onnxruntime-node';
import type { AttentionMemory } from '../kernels/attention-kernel.ts';
import { memoryTokenOperations } from '../models/costs.ts';
import { crossMemoryNames, joinNames, rotaryNames } from '../models/graph-names.ts';
import { memaugRotarySize } from '../models/memaug.ts';
import { selectionPositions } from '../models/memaug-query.ts';
import { rotaryTables } from '../models/rotary.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../protocol/features.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import type { CrossAttention } from './cross-attention.ts';
import { projectedTokens } from './memory-tokens.ts';
import { output } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { allocate, numberTensor, numbersOf, toCompute } from './tensors.ts';
import type { Numbers } from './tensors.ts';

/** Work of one native run: a quarter of a second of a slow CPU. An accelerator gets pieces that are worth joining. */
const operationsPerRun = { host: 8e9, device: 256e9 } as const;

export type CrossMemorySessions = {
  /** Leaves its tokens where `crossMemory` takes them up. */
  readonly memoryProjector: GraphSession;
  readonly crossMemory: GraphSession;
  readonly join: GraphSession;
};

/** Keys and values of one block, each [1, tokens, keyHeads · headSize], where they are kept. */
type MemoryBlock = {
  readonly key: Tensor;
  /** Not kept where they lie with the kernel, which alone asks for them. */
  readonly value?: Tensor;
  /** The same on the kernel's device. */
  readonly held?: AttentionMemory;
};

/**
 * The rotated keys and the values of every MemAug block for a selection of a memory. They depend on no question: one
 * serves all of a conversation. They take memoryTokens · key channels · 2 · blocks numbers; dispose of it.
 */
export class CrossMemory implements Disposable {
  readonly selection: TokenSelection;
  readonly tokenCount: number;
  readonly #upload: GraphSession | undefined;
  #blocks: readonly MemoryBlock[];

  /** `upload` joins two tensors on the device, for keys and values that are kept on the host. */
  constructor(selection: TokenSelection, tokenCount: number, blocks: readonly MemoryBlock[], upload?: GraphSession) {
    this.#upload = upload;
    this.selection = selection;
    this.tokenCount = tokenCount;
    this.#blocks = blocks;
  }

  #block(index: number): MemoryBlock {
    const block = this.#blocks[index];
    if (block === undefined) throw new LongtakeError('internal', 'This cross memory was disposed of.');
    return block;
  }

  #values(index: number): Tensor {
    const { value } = this.#block(index);
    if (value === undefined) throw new LongtakeError('internal', 'The values of this cross memory lie with the attention kernel.');
    return value;
  }

  /** Keys of one block [1, tokens, keyHeads · headSize] on the device while `work` runs: one block at a time fits where all of them do not. */
  async useKeys<Result>(index: number, work: (key: Tensor) => Promise<Result>): Promise<Result> {
    return await this.#onDevice(this.#block(index).key, work);
  }

  /** As `useKeys`, with the values. */
  async useBlock<Result>(index: number, work: (block: { readonly key: Tensor; readonly value: Tensor }) => Promise<Result>): Promise<Result> {
    return await this.useKeys(index, (key) => this.#onDevice(this.#values(index), (value) => work({ key, value })));
  }

  /** As `useBlock`, on the kernel's device. */
  async useHeld<Result>(index: number, attention: CrossAttention, work: (held: AttentionMemory) => Promise<Result>): Promise<Result> {
    const { key, held } = this.#block(index);
    if (held !== undefined) return await work(held);
    const passing = await attention.hold(key, this.#values(index));
    try {
      return await work(passing);
    } finally {
      passing.dispose();
    }
  }

  async #onDevice<Result>(kept: Tensor, work: (tensor: Tensor) => Promise<Result>): Promise<Result> {
    const there = this.#upload === undefined ? kept : await uploaded(this.#upload, kept);
    try {
      return await work(there);
    } finally {
      if (there !== kept) there.dispose();
    }
  }

  get isDisposed(): boolean {
    return this.#blocks.length === 0;
  }

  dispose(): void {
    for (const { key, value, held } of this.#blocks) {
      key.dispose();
      value?.dispose();
      held?.dispose();
    }
    this.#blocks = [];
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** A host tensor [1, rows, channels] on the device: its halves, joined there. One row has no halves and stays. */
async function uploaded(join: GraphSession, tensor: Tensor): Promise<Tensor> {
  const [, rows = 0, channels = 0] = tensor.dims;
  const half = rows >> 1;
  if (half === 0) return tensor;
  const values = numbersOf(tensor);
  const part = (from: number, to: number) => numberTensor(values.subarray(from * channels, to * channels), [1, to - from, channels]);
  return output(await join.run({ [joinNames.first]: part(0, half), [joinNames.second]: part(half, rows) }, [joinNames.joined]), joinNames.joined);
}

export type BuildOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Slots of one native run; default by their cost. Tests make many small pieces of a small memory. */
  readonly slotsPerRun?: number | undefined;
  /** Keeps keys and values on the host although the device could; needs a cross-memory session whose outputs come back. */
  readonly keptOnHost?: boolean | undefined;
  /** Who attends to them instead of ONNX Runtime; needs such a session as well. */
  readonly attention?: CrossAttention | undefined;
};

/** Projects the selected tokens and computes their keys and values, a piece of the memory at a time. */
export async function buildCrossMemory(
  sessions: CrossMemorySessions, spec: ModelSpec, device: Device, source: FeatureSource,
  selection: TokenSelection, options: BuildOptions,
): Promise<CrossMemory> {
  const slots = selection.frames.length;
  const tokenCount = slots * selection.tokensPerSlot;
  const positions = selectionPositions(selection, spec.tokensPerFrame);
  const slotsPerRun = options.slotsPerRun ?? Math.max(1, Math.round(
    operationsPerRun[device.keepsTensors ? 'device' : 'host'] / (memoryTokenOperations(spec) * selection.tokensPerSlot)));
  const { attention, keptOnHost = false } = options;
  const throughHost = device.keepsTensors && (keptOnHost || attention !== undefined);
  const collector = device.keepsTensors && !throughHost
    ? new DeviceCollector(spec, sessions.join)
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
    const blocks = await collector.finish();
    return new CrossMemory(selection, tokenCount, attention === undefined || keptOnHost ? blocks : await heldBlocks(attention, blocks), throughHost ? sessions.join : undefined);
  } catch (error) {
    collector.discard();
    throw error;
  }
}

/** Brings all blocks to the kernel's device. */
async function heldBlocks(attention: CrossAttention, blocks: readonly { readonly key: Tensor; readonly value: Tensor }[]): Promise<MemoryBlock[]> {
  const all: MemoryBlock[] = [];
  try {
    for (const { key, value } of blocks) all.push({ key, held: await attention.hold(key, value) });
    return all;
  } catch (error) {
    for (const { held } of all) held?.dispose();
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

/**
 * Joins pieces on the device as a binary counter carries: two of about equal length make one, so that each token is
 * copied only as often as the number of pieces has binary digits.
 */
class DeviceCollector {
  readonly #spec: ModelSpec;
  readonly #join: GraphSession;
  readonly #stacks: Map<string, { tensor: Tensor; pieces: number }[]>;

  constructor(spec: ModelSpec, join: GraphSession) {
    this.#spec = spec;
    this.#join = join;
    this.#stacks = new Map(crossMemoryOutputs(spec).map((name) => [name, []]));
  }

  async add(results: Record<string, Tensor>): Promise<void> {
    for (const [name, stack] of this.#stacks) {
      stack.push({ tensor: output(results, name), pieces: 1 });
      while ((stack.at(-1)?.pieces ?? 0) === (stack.at(-2)?.pieces ?? -1)) await this.#joinLastTwo(stack);
    }
  }

  async finish(): Promise<{ key: Tensor; value: Tensor }[]> {
    for (const stack of this.#stacks.values()) {
      while (stack.length > 1) await this.#joinLastTwo(stack);
    }
    const tensor = (name: string) => this.#stacks.get(name)?.[0]?.tensor as Tensor;
    return Array.from({ length: this.#spec.memaugDepth }, (_, block) =>
      ({ key: tensor(crossMemoryNames.key(block)), value: tensor(crossMemoryNames.value(block)) }));
  }

  discard(): void {
    for (const stack of this.#stacks.values()) for (const { tensor } of stack) tensor.dispose();
  }

  async #joinLastTwo(stack: { tensor: Tensor; pieces: number }[]): Promise<void> {
    const second = stack.pop();
    const first = stack.pop();
    if (first === undefined || second === undefined) throw new LongtakeError('internal', 'Nothing to join.');
    const results = await this.#join.run(
      { [joinNames.first]: first.tensor, [joinNames.second]: second.tensor }, [joinNames.joined]);
    stack.push({ tensor: output(results, joinNames.joined), pieces: first.pieces + second.pieces });
    first.tensor.dispose();
    second.tensor.dispose();
  }
}
