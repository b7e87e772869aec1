import { attentionShader } from './attention-shader.ts';
import { chooseTiles, tileRows, threads, workgroupBytes } from './attention-tiles.ts';
import type { AttentionShape, AttentionSpelling } from './attention-tiles.ts';
import { keySharesShader, keysPerGroup, rowTotalsNeeds, rowTotalsShader } from './attention-shares-shader.ts';
import { membersOf, requireHeads, rowChannels } from './decoder-heads.ts';
import type { DecoderHeads } from './decoder-heads.ts';
import { bytesPerElement } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { allKernels, pipelineOf } from './pipelines.ts';
import { floatWord, operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';
import { rotaryGroups, rotaryShader, rotaryThreads } from './rotary-shader.ts';
import { combineNeeds, combineShader, splitsOf, stepAttentionNeeds, stepAttentionShader } from './step-attention-shader.ts';

/** Keys and values of a layer, each [capacity, keyHeads · headSize]; tiles of keys are read to their end, so that a capacity is a whole number of 128. */
export type LayerCache = { readonly key: GPUBuffer; readonly value: GPUBuffer };

type Pipelines = Readonly<Record<'rotary' | 'causal' | 'step' | 'combine' | 'totals' | 'shares', GPUComputePipeline>>;

/** A causal decoder's attention: of many rows to a cache and themselves, of one row to a long cache, and who got how much of it. */
export class DecoderAttention {
  readonly heads: DecoderHeads;
  readonly #shape: AttentionShape;
  readonly #pipelines: Pipelines;
  readonly #scale: number;

  private constructor(heads: DecoderHeads, shape: AttentionShape, pipelines: Pipelines) {
    this.heads = heads;
    this.#shape = shape;
    this.#pipelines = pipelines;
    this.#scale = 1 / Math.sqrt(heads.headSize);
  }

  /** Throws `provider-unavailable` where heads are of no use to it or a kernel does not compile. */
  static async create(graphics: GraphicsDevice, heads: DecoderHeads, spelling: AttentionSpelling): Promise<DecoderAttention> {
    requireHeads(heads);
    const { headSize, keyHeads, element } = heads;
    const shape: AttentionShape = { headSize, keyHeads, element, spelling, tiles: chooseTiles(headSize, spelling, graphics.subgroupSize), causal: { members: membersOf(heads) } };
    const scale = 1 / Math.sqrt(headSize);
    return new DecoderAttention(heads, shape, await allKernels({
      rotary: pipelineOf(graphics, 'rotary', rotaryShader(heads), { invocations: rotaryThreads, bytes: 0 }),
      causal: pipelineOf(graphics, 'causal attention', attentionShader(shape), { invocations: threads(shape.tiles), bytes: workgroupBytes(shape) }),
      step: pipelineOf(graphics, 'step attention', stepAttentionShader(heads, scale), stepAttentionNeeds(heads)),
      combine: pipelineOf(graphics, 'attention combining', combineShader(heads), combineNeeds(heads)),
      totals: pipelineOf(graphics, 'attention totals', rowTotalsShader(heads), rowTotalsNeeds(heads)),
      shares: pipelineOf(graphics, 'attention shares', keySharesShader(heads), { invocations: keysPerGroup, bytes: 0 }),
    }));
  }

  /** Rows of queries and results that buffers have room for when `rowCount` are attended to: tiles are computed to their end. */
  paddedRows(rowCount: number): number {
    const members = membersOf(this.heads);
    const rows = tileRows(this.#shape.tiles);
    return Math.ceil(Math.ceil(rowCount * members / rows) * rows / members);
  }

  /** Bytes of what the workgroups of a step leave for each other. */
  stepBytes(capacity: number): { readonly sums: number; readonly limits: number } {
    const { heads, headSize } = this.heads;
    return { sums: 4 * splitsOf(capacity) * heads * headSize, limits: 8 * splitsOf(capacity) * heads };
  }

  /** Rotates `rowCount` rows [(heads + 2 · keyHeads) · headSize] into `queries` and, from `position` on, into the cache. */
  recordRotation(recording: Recording, { rows, table, queries, cache, position, rowCount }: {
    readonly rows: GPUBuffer; readonly table: GPUBuffer; readonly queries: GPUBuffer; readonly cache: LayerCache; readonly position: number; readonly rowCount: number;
  }): void {
    recording.add({
      pipeline: this.#pipelines.rotary, buffers: [rows, table, queries, cache.key, cache.value], words: [position, 0, 0],
      groups: [rowCount, rotaryGroups(this.heads), 1], cost: 2 * operationsPerByte * bytesPerElement(this.heads.element) * rowCount * rowChannels(this.heads),
    });
  }

  /** Attention of `rowCount` rotated rows, the first of them at `position`, to all keys up to their own: `attended` [rows, heads · headSize]. */
  recordRows(recording: Recording, { queries, cache, attended, position, rowCount }: {
    readonly queries: GPUBuffer; readonly cache: LayerCache; readonly attended: GPUBuffer; readonly position: number; readonly rowCount: number;
  }): void {
    const { heads, keyHeads, headSize } = this.heads;
    recording.add({
      pipeline: this.#pipelines.causal, buffers: [queries, cache.key, cache.value, attended], words: [position + rowCount, floatWord(this.#scale * Math.LOG2E), position],
      groups: [Math.ceil(rowCount * membersOf(this.heads) / tileRows(this.#shape.tiles)), keyHeads, 1], cost: 4 * rowCount * heads * headSize * (position + rowCount / 2),
    });
  }

  /** Attention of one row, not rotated yet, at the position in `state`, to a cache of `capacity` rows, which gets its key and value. */
  recordStep(recording: Recording, { state, row, table, cache, capacity, sums, limits, attended }: {
    readonly state: GPUBuffer; readonly row: GPUBuffer; readonly table: GPUBuffer; readonly cache: LayerCache; readonly capacity: number;
    readonly sums: GPUBuffer; readonly limits: GPUBuffer; readonly attended: GPUBuffer;
  }): void {
    const { heads, keyHeads, headSize, element } = this.heads;
    recording.add({
      pipeline: this.#pipelines.step, buffers: [state, row, table, cache.key, cache.value, sums, limits], words: [0, 0, 0],
      groups: [splitsOf(capacity), keyHeads, 1], cost: 2 * operationsPerByte * bytesPerElement(element) * capacity * keyHeads * headSize,
    });
    recording.add({
      pipeline: this.#pipelines.combine, buffers: [state, sums, limits, attended], words: [0, 0, 0], groups: [heads, 1, 1], cost: operationsPerByte * this.stepBytes(capacity).sums,
    });
  }

  /**
   * Adds to `shares` float32 [keyHeads, keyCount] what each of the first `keyCount` keys gets of the attention of `rowCount` rotated
   * rows, every head of which gives one and sees all of them. `totals` float32 [rowCount · heads].
   */
  recordShares(recording: Recording, { queries, keys, totals, shares, rowCount, keyCount }: {
    readonly queries: GPUBuffer | GPUBufferBinding; readonly keys: GPUBuffer; readonly totals: GPUBuffer; readonly shares: GPUBuffer; readonly rowCount: number; readonly keyCount: number;
  }): void {
    const { heads, keyHeads, headSize } = this.heads;
    const words = [keyCount, rowCount, floatWord(this.#scale * Math.LOG2E)] as const;
    // Without matrix units it takes several times as long as other operations.
    const cost = 16 * rowCount * heads * headSize * keyCount;
    recording.add({ pipeline: this.#pipelines.totals, buffers: [queries, keys, totals], words, groups: [rowCount, keyHeads, 1], cost });
    recording.add({ pipeline: this.#pipelines.shares, buffers: [queries, keys, totals, shares], words, groups: [Math.ceil(keyCount / keysPerGroup), keyHeads, 1], cost });
  }
}
