import type { Tensor } from 'onnxruntime-node';
import { memoryTokensPerRun } from '../models/costs.ts';
import { crossMemoryNames, rotaryNames } from '../models/graph-names.ts';
import { memaugRotarySize } from '../models/memaug.ts';
import { selectionPositions } from '../models/memaug-query.ts';
import { rotaryTables } from '../models/rotary.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../protocol/features.ts';
import type { BuildOptions, CrossMemory } from './augmenter.ts';
import { crossMemoryOutputs, DeviceCollector, HostCollector } from './key-collectors.ts';
import type { BlockTensors, KeyCollector } from './key-collectors.ts';
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

/** A memory's keys and values as tensors of ONNX Runtime. */
export class SessionCrossMemory implements CrossMemory {
  readonly selection: TokenSelection;
  readonly tokenCount: number;
  readonly #upload: PieceJoiner | undefined;
  #blocks: readonly BlockTensors[];

  /** `upload` joins two tensors on the device, for keys and values that are kept on the host. */
  constructor(selection: TokenSelection, tokenCount: number, blocks: readonly BlockTensors[], upload?: PieceJoiner) {
    this.#upload = upload;
    this.selection = selection;
    this.tokenCount = tokenCount;
    this.#blocks = blocks;
  }

  /** Keys of one block [1, tokens, keyHeads · headSize] on the device while `work` runs: one block at a time fits where all of them do not. */
  async useKeys<Result>(index: number, work: (key: Tensor) => Promise<Result>): Promise<Result> {
    return await this.#onDevice(this.#block(index).key, work);
  }

  /** As `useKeys`, with the values. */
  async useBlock<Result>(index: number, work: (block: BlockTensors) => Promise<Result>): Promise<Result> {
    const kept = this.#block(index);
    return await this.#onDevice(kept.key, (key) => this.#onDevice(kept.value, (value) => work({ key, value })));
  }

  #block(index: number): BlockTensors {
    const block = this.#blocks[index];
    if (block === undefined) throw new LongtakeError('internal', 'This cross memory was disposed of.');
    return block;
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
    for (const { key, value } of this.#blocks) for (const tensor of [key, value]) tensor.dispose();
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

/** Projects the selected tokens and computes their keys and values, a piece of the memory at a time. */
export async function buildSessionCrossMemory(
  sessions: CrossMemorySessions, spec: ModelSpec, device: Device, source: FeatureSource,
  selection: TokenSelection, options: BuildOptions,
): Promise<SessionCrossMemory> {
  const slots = selection.frames.length;
  const tokenCount = slots * selection.tokensPerSlot;
  const positions = selectionPositions(selection, spec.tokensPerFrame);
  const slotsPerRun = options.slotsPerRun
    ?? Math.max(1, Math.round(memoryTokensPerRun(spec, placeOf(device)) / selection.tokensPerSlot));
  const throughHost = device.keepsTensors && options.keptOnHost === true;
  const collector: KeyCollector = device.keepsTensors && !throughHost ? new DeviceCollector(spec, sessions.joiner) : new HostCollector(spec, device, tokenCount);
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
    return new SessionCrossMemory(selection, tokenCount, await collector.finish(), throughHost ? sessions.joiner : undefined);
  } catch (error) {
    collector.discard();
    throw error;
  }
}
