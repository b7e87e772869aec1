import type { Tensor } from 'onnxruntime-node';
import type { AttentionMemory } from '../kernels/attention-kernel.ts';
import { memoryTokensPerRun } from '../models/costs.ts';
import { crossMemoryNames, rotaryNames } from '../models/graph-names.ts';
import { memaugRotarySize } from '../models/memaug.ts';
import { selectionPositions } from '../models/memaug-query.ts';
import { rotaryTables } from '../models/rotary.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../protocol/features.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import type { CrossAttention } from './cross-attention.ts';
import { crossMemoryOutputs, DeviceCollector, HostCollector, KernelCollector } from './key-collectors.ts';
import type { BlockTensors, KeyCollector, MemoryBlock } from './key-collectors.ts';
import { projectedTokens } from './memory-tokens.ts';
import type { PieceJoiner } from './piece-joiner.ts';
import { placeOf } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { numberTensor, numbersOf, toCompute } from './tensors.ts';

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
  #blocks: readonly MemoryBlock[];

  /** `upload` joins two tensors on the device, for keys and values that are kept on the host. */
  constructor(selection: TokenSelection, tokenCount: number, blocks: readonly MemoryBlock[], upload?: PieceJoiner) {
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

  #tensors(index: number): BlockTensors {
    const block = this.#block(index);
    if ('held' in block) throw new LongtakeError('internal', 'This cross memory lies with the attention kernel.');
    return block;
  }

  /** Keys of one block [1, tokens, keyHeads · headSize] on the device while `work` runs: one block at a time fits where all of them do not. */
  async useKeys<Result>(index: number, work: (key: Tensor) => Promise<Result>): Promise<Result> {
    const block = this.#block(index);
    return await this.#onDevice('held' in block ? await block.attention.readKeys(block.held) : block.key, work);
  }

  /** As `useKeys`, with the values. */
  async useBlock<Result>(index: number, work: (block: BlockTensors) => Promise<Result>): Promise<Result> {
    const kept = this.#tensors(index);
    return await this.#onDevice(kept.key, (key) => this.#onDevice(kept.value, (value) => work({ key, value })));
  }

  /** As `useBlock`, on the kernel's device. */
  async useHeld<Result>(index: number, attention: CrossAttention, work: (held: AttentionMemory) => Promise<Result>): Promise<Result> {
    const block = this.#block(index);
    if ('held' in block) return await work(block.held);
    const passing = await attention.hold(block.key, block.value);
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
    for (const block of this.#blocks) {
      if ('held' in block) block.held.dispose();
      else for (const tensor of [block.key, block.value]) tensor.dispose();
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
  const slotsPerRun = options.slotsPerRun
    ?? Math.max(1, Math.round(memoryTokensPerRun(spec, placeOf(device)) / selection.tokensPerSlot));
  const { attention, keptOnHost = false } = options;
  const throughHost = device.keepsTensors && (keptOnHost || attention !== undefined);
  const collector: KeyCollector = attention !== undefined && !keptOnHost ? new KernelCollector(spec, device, attention, tokenCount)
    : device.keepsTensors && !throughHost ? new DeviceCollector(spec, sessions.joiner)
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
      }, crossMemoryOutputs(spec), collector.into?.(rows)).finally(() => { tokens.dispose(); });
      await collector.add(results, rows);
      options.onProgress?.({ stage: 'memory', done: end, total: slots });
    }
    return new CrossMemory(selection, tokenCount, await collector.finish(), throughHost ? sessions.joiner : undefined);
  } catch (error) {
    collector.discard();
    throw error;
  }
}
