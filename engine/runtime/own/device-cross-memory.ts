import type { AttentionKernel, AttentionMemory } from '../../kernels/attention-kernel.ts';
import { writeNumbers } from '../../kernels/device-buffers.ts';
import { Recording } from '../../kernels/recording.ts';
import type { RotateKernel } from '../../kernels/rotate-kernel.ts';
import { memaugRotarySize } from '../../models/memaug.ts';
import { selectionPositions } from '../../models/memaug-query.ts';
import { rotaryTables } from '../../models/rotary.ts';
import type { ModelSpec } from '../../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../../protocol/errors.ts';
import type { FeatureSource, TokenSelection } from '../../protocol/features.ts';
import type { BuildOptions, CrossMemory } from '../augmenter.ts';
import { disposeScratch } from './device-projector.ts';
import type { DeviceProjector, ProjectorScratch } from './device-projector.ts';
import type { SelectedFeatures } from '../memory-tokens.ts';
import type { Layer, OwnDevice } from './own-device.ts';
import { allocate } from '../tensors.ts';
import type { Numbers } from '../tensors.ts';

/** Keys and values of a block that wait in this process, [tokens, keyHeads · headSize]. */
type HostBlock = { readonly key: Numbers; readonly value: Numbers };

/** A memory's keys and values on our own device, or on the host, from where one block at a time goes over. */
export class DeviceCrossMemory implements CrossMemory {
  readonly selection: TokenSelection;
  readonly tokenCount: number;
  readonly #attention: AttentionKernel;
  #blocks: readonly (AttentionMemory | HostBlock)[];

  constructor(selection: TokenSelection, tokenCount: number, blocks: readonly (AttentionMemory | HostBlock)[], attention: AttentionKernel) {
    this.selection = selection;
    this.tokenCount = tokenCount;
    this.#blocks = blocks;
    this.#attention = attention;
  }

  /** The keys and values of a block on the device while `work` runs. Throws `out-of-memory`. */
  async useBlock<Result>(index: number, work: (memory: AttentionMemory) => Promise<Result>): Promise<Result> {
    const block = this.#blocks[index];
    if (block === undefined) throw new LongtakeError('internal', 'This cross memory was disposed of.');
    if ('dispose' in block) return await work(block);
    const passing = await this.#attention.createMemory(this.tokenCount);
    try {
      this.#attention.write(passing.key, 0, block.key);
      this.#attention.write(passing.value, 0, block.value);
      return await work(passing);
    } finally {
      passing.dispose();
    }
  }

  get isDisposed(): boolean {
    return this.#blocks.length === 0;
  }

  dispose(): void {
    for (const block of this.#blocks) if ('dispose' in block) block.dispose();
    this.#blocks = [];
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** What makes keys and values of memory tokens. */
export type CrossMemoryParts = {
  readonly projector: DeviceProjector;
  readonly attention: AttentionKernel;
  readonly rotateKeys: RotateKernel;
  /** Of every MemAug block. */
  readonly layers: readonly { readonly key: Layer; readonly value: Layer }[];
};

type Scratch = { readonly projector: ProjectorScratch; readonly own: Readonly<Record<'tokens' | 'cosine' | 'sine', GPUBuffer>>; readonly blocks: readonly AttentionMemory[] };
type Piece = { readonly start: number; readonly end: number; readonly selected: SelectedFeatures; readonly cosine: Float32Array<ArrayBuffer>; readonly sine: Float32Array<ArrayBuffer> };

/** Projects the selected tokens and computes their keys and values, a piece of the memory at a time. */
export async function buildDeviceCrossMemory(
  own: OwnDevice, spec: ModelSpec, parts: CrossMemoryParts, source: FeatureSource, selection: TokenSelection, options: BuildOptions,
): Promise<DeviceCrossMemory> {
  const { signal, keptOnHost = false } = options;
  const slots = selection.frames.length;
  const { tokensPerSlot } = selection;
  const tokenCount = slots * tokensPerSlot;
  const channels = spec.text.keyHeads * spec.text.headSize;
  const rotarySize = memaugRotarySize(spec.text);
  const positions = selectionPositions(selection, spec.tokensPerFrame);
  const step = Math.min(slots, options.slotsPerRun ?? parts.projector.slotsPerRun);
  const read = async (start: number): Promise<Piece | undefined> => {
    if (start >= slots) return undefined;
    throwIfCancelled(signal);
    const end = Math.min(slots, start + step);
    const selected = await parts.projector.read(source, selection, start, end);
    return { start, end, selected, ...rotaryTables(positions.subarray(start * tokensPerSlot, end * tokensPerSlot), rotarySize, spec.text.ropeTheta) };
  };
  const held: AttentionMemory[] = [];
  const host: HostBlock[] = [];
  let scratch: Scratch | undefined;
  try {
    for (let block = 0; block < spec.memaugDepth; block += 1) {
      if (keptOnHost) host.push({ key: allocate(own.compute, tokenCount * channels), value: allocate(own.compute, tokenCount * channels) });
      else held.push(await parts.attention.createMemory(tokenCount));
    }
    scratch = await createScratch(own, spec, parts, step, tokensPerSlot, keptOnHost ? spec.memaugDepth : 0);
    let next = read(0);
    for (let piece = await next; piece !== undefined; piece = await next) {
      const { start, end, selected, cosine, sine } = piece;
      const firstToken = start * tokensPerSlot;
      const rows = (end - start) * tokensPerSlot;
      const recording = new Recording(own.graphics);
      try {
        writeNumbers(own.graphics, scratch.own.cosine, 0, cosine);
        writeNumbers(own.graphics, scratch.own.sine, 0, sine);
        parts.projector.record(recording, scratch.projector, step, selected, scratch.own.tokens, 0);
        for (const [block, { key, value }] of parts.layers.entries()) {
          const target = (keptOnHost ? scratch.blocks : held)[block] as AttentionMemory;
          const resultRow = keptOnHost ? 0 : firstToken;
          key.record(recording, { input: scratch.own.tokens, result: target.key, rows, resultRow });
          parts.rotateKeys.record(recording, { rows: target.key, firstRow: resultRow, rowCount: rows, cosine: scratch.own.cosine, sine: scratch.own.sine });
          value.record(recording, { input: scratch.own.tokens, result: target.value, rows, resultRow });
        }
        const running = own.submissions.run(recording.steps, { beforeSubmission: () => { throwIfCancelled(signal); } });
        // The next piece is read while the device is at work on this one.
        next = read(end);
        await Promise.all([running, next]);
      } finally {
        recording.dispose();
      }
      for (const [block, { key, value }] of host.entries()) {
        const made = scratch.blocks[block] as AttentionMemory;
        key.set(await own.read(made.key, 0, rows, channels), firstToken * channels);
        value.set(await own.read(made.value, 0, rows, channels), firstToken * channels);
      }
      options.onProgress?.({ stage: 'memory', done: end, total: slots });
    }
    return new DeviceCrossMemory(selection, tokenCount, keptOnHost ? host : held, parts.attention);
  } catch (error) {
    for (const memory of held) memory.dispose();
    throw error;
  } finally {
    if (scratch !== undefined) {
      disposeScratch(scratch.projector);
      disposeScratch(scratch.own);
      for (const memory of scratch.blocks) memory.dispose();
    }
  }
}

/** `blocks` of keys and values of a piece, where they do not stay on the device. */
async function createScratch(own: OwnDevice, spec: ModelSpec, { projector, attention }: CrossMemoryParts, slots: number, tokensPerSlot: number, blocks: number): Promise<Scratch> {
  const rows = slots * tokensPerSlot;
  const made: (() => void)[] = [];
  try {
    const forProjector = await projector.createScratch(slots);
    made.push(() => { disposeScratch(forProjector); });
    const tokens = await own.rows(rows, spec.text.hidden, 'memory tokens');
    made.push(() => { tokens.destroy(); });
    const { cosine, sine } = await own.rotation(rows, memaugRotarySize(spec.text));
    made.push(() => { disposeScratch({ cosine, sine }); });
    const pieces: AttentionMemory[] = [];
    for (let block = 0; block < blocks; block += 1) {
      const piece = await attention.createMemory(rows);
      made.push(piece.dispose);
      pieces.push(piece);
    }
    return { projector: forProjector, own: { tokens, cosine, sine }, blocks: pieces };
  } catch (error) {
    for (const dispose of made) dispose();
    throw error;
  }
}
