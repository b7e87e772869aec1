import { createAll, createBuffer, createStorage, readNumbers, usage, writeBytes, writeNumbers } from '../../kernels/device-buffers.ts';
import { bytesPerElement } from '../../kernels/elements.ts';
import { kernelsGraph } from '../../kernels/graphics-device.ts';
import type { GraphicsDevice } from '../../kernels/graphics-device.ts';
import { Recording } from '../../kernels/recording.ts';
import type { Submissions } from '../../kernels/submissions.ts';
import { answerRoom, kernelPieceRows } from '../../models/needs.ts';
import { throwIfCancelled } from '../../protocol/errors.ts';
import type { AnswerDecoder, MeasuredRows, PromptRows, ReadOptions, ReadResult, TokenRows } from '../answer-decoder.ts';
import type { DecoderKernels, StepBuffers } from './decoder-kernels.ts';
import { requireFiniteResult } from '../finite.ts';
import { KernelCache } from './kernel-cache.ts';

const mapRead = 1; // GPUMapMode (WebGPU 5.1.3)

/**
 * A decoder by our own kernels. A step is one submission over bindings that are made once: what changes from step to step are a
 * row and a position, which are written before it.
 */
export class KernelDecoder implements AnswerDecoder {
  readonly takesHeldRows = true;
  readonly #kernels: DecoderKernels;
  readonly #graphics: GraphicsDevice;
  readonly #submissions: Submissions;
  readonly #cache: KernelCache;
  readonly #head: Recording;
  #step: Recording;
  #buffers: StepBuffers | undefined;
  #logits: GPUBuffer | undefined;
  /** The next step, encoded while the one before was computed. */
  #prepared: GPUCommandBuffer | undefined;

  constructor(kernels: DecoderKernels, promptLength: number) {
    this.#kernels = kernels;
    this.#graphics = kernels.own.graphics;
    this.#submissions = kernels.own.submissions;
    this.#cache = new KernelCache(this.#graphics, kernels.shape, kernels.own.element, promptLength + answerRoom);
    this.#step = new Recording(this.#graphics);
    this.#head = new Recording(this.#graphics);
  }

  get length(): number {
    return this.#cache.length;
  }

  /** Where rows are measured, the last piece is all of them. */
  async read(embeddings: readonly PromptRows[], count: number, options: ReadOptions): Promise<ReadResult> {
    const { hidden, layers } = this.#kernels.shape;
    const buffers = await this.#makeRoom(count);
    const bounds = pieceBounds(count, options.measuredFrom);
    const sizes = this.#kernels.rowBytes(bounds.reduce((most, start, piece) => Math.max(most, start - (bounds[piece - 1] ?? 0)), 0));
    const scratch = await createAll({ ...sizes, queries: sizes.attended }, (bytes, name) => createStorage(this.#graphics, bytes, `${name} of a prompt`));
    const asked: GPUBuffer[] = [];
    try {
      for (let piece = 0; piece + 1 < bounds.length; piece += 1) {
        const [start, end] = [bounds[piece] as number, bounds[piece + 1] as number];
        const isMeasured = options.measuredFrom !== undefined && end === count;
        while (isMeasured && asked.length < layers) asked.push(await createStorage(this.#graphics, this.#kernels.rowBytes(end - start).attended, 'queries of a prompt'));
        this.#writeRows(scratch.rows, embeddings, start, end);
        const recording = new Recording(this.#graphics);
        try {
          this.#kernels.recordRows(recording, scratch, (layer) => isMeasured ? asked[layer] as GPUBuffer : scratch.queries, this.#cache.layers, this.#cache.length, end - start);
          await this.#submissions.run(recording.steps, {
            beforeSubmission: () => { throwIfCancelled(options.signal); },
            onShare: (share) => { options.onShare?.((start + share * (end - start)) / count); },
          });
        } finally {
          recording.dispose();
        }
        this.#cache.length += end - start;
      }
      const rowBytes = hidden * bytesPerElement(this.#kernels.own.element);
      this.#copy(scratch.rows, (count - (bounds.at(-2) as number) - 1) * rowBytes, buffers.row, 0, rowBytes);
      this.#submissions.submit(this.#head.steps, this.#takeLogits);
      const logits = await this.#readLogits();
      const measured = options.measuredFrom === undefined ? undefined : this.#measured(asked.splice(0), count - options.measuredFrom, count);
      return { logits, measured };
    } finally {
      for (const buffer of [...Object.values(scratch), ...asked]) buffer.destroy();
    }
  }

  async step(tokenId: number, embeddings: TokenRows): Promise<Float32Array> {
    const row = await embeddings.rows([tokenId]);
    const buffers = await this.#makeRoom(1);
    writeNumbers(this.#graphics, buffers.row, 0, row);
    writeBytes(this.#graphics, buffers.state, 0, new Uint8Array(Uint32Array.of(this.#cache.length).buffer));
    this.#graphics.device.queue.submit([this.#prepared ?? this.#encodeStep()]);
    this.#prepared = this.#encodeStep();
    const logits = await this.#readLogits();
    this.#cache.length += 1;
    return logits;
  }

  dispose(): void {
    this.#step.dispose();
    this.#head.dispose();
    for (const buffer of Object.values(this.#buffers ?? {})) buffer.destroy();
    this.#logits?.destroy();
    this.#prepared = undefined;
    this.#cache.dispose();
  }

  /** Makes room for `rows` more, and where the cache has moved for that, everything that is bound to it. */
  async #makeRoom(rows: number): Promise<StepBuffers> {
    const moved = await this.#cache.makeRoom(rows);
    if (this.#buffers !== undefined && !moved) return this.#buffers;
    const sizes = this.#kernels.stepBytes(this.#cache.capacity);
    const buffers = await createAll(sizes, (bytes, name) => createStorage(this.#graphics, bytes, `${name} of a step`));
    for (const buffer of Object.values(this.#buffers ?? {})) buffer.destroy();
    this.#buffers = buffers;
    this.#logits ??= await createBuffer(this.#graphics, sizes.logits, usage.mapRead | usage.copyTarget, 'logits');
    this.#prepared = undefined;
    this.#step.dispose();
    this.#head.dispose();
    this.#kernels.recordStep(this.#step, buffers, this.#cache.layers, this.#cache.capacity);
    this.#kernels.recordHead(this.#step, buffers);
    this.#kernels.recordHead(this.#head, buffers);
    return buffers;
  }

  #encodeStep(): GPUCommandBuffer {
    return this.#submissions.encode(this.#step.steps, this.#takeLogits);
  }

  readonly #takeLogits = (encoder: GPUCommandEncoder): void => {
    const [from, to] = [this.#buffers?.logits as GPUBuffer, this.#logits as GPUBuffer];
    encoder.copyBufferToBuffer(from, 0, to, 0, to.size);
  };

  /** What has been submitted to be taken. Throws `device-failed`, `out-of-memory`. */
  async #readLogits(): Promise<Float32Array> {
    const back = this.#logits as GPUBuffer;
    await back.mapAsync(mapRead).catch((cause: unknown) => { this.#graphics.fail(cause); });
    const logits = new Float32Array(back.getMappedRange()).slice(0, this.#kernels.shape.vocabulary);
    back.unmap();
    this.#graphics.check();
    requireFiniteResult(logits, 'webgpu', kernelsGraph);
    return logits;
  }

  /** Rows `start` to `end` of the given ones, from the beginning of a buffer on. */
  #writeRows(to: GPUBuffer, parts: readonly PromptRows[], start: number, end: number): void {
    const { hidden } = this.#kernels.shape;
    const rowBytes = hidden * bytesPerElement(this.#kernels.own.element);
    let first = 0; // of a part
    for (const part of parts) {
      const count = 'held' in part ? part.count : part.length / hidden;
      const [some, behind] = [Math.max(start, first), Math.min(end, first + count)];
      if (some < behind) {
        if ('held' in part) this.#copy(part.held, (part.firstRow + some - first) * rowBytes, to, (some - start) * rowBytes, (behind - some) * rowBytes);
        else writeNumbers(this.#graphics, to, (some - start) * rowBytes, part.subarray((some - first) * hidden, (behind - first) * hidden));
      }
      first += count;
    }
  }

  #copy(from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, byteLength: number): void {
    const encoder = this.#graphics.device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, fromOffset, to, toOffset, byteLength);
    this.#graphics.device.queue.submit([encoder.finish()]);
  }

  /** `queries` of the `rowCount` rows before `keyCount`, a layer each; they are destroyed with it. */
  #measured(queries: readonly GPUBuffer[], rowCount: number, keyCount: number): MeasuredRows {
    const { heads, keyHeads } = this.#kernels.shape;
    return {
      attention: async (start, count, signal) => {
        const { totals, shares } = await createAll({ totals: 4 * rowCount * heads, shares: 4 * keyHeads * keyCount }, (bytes) => createStorage(this.#graphics, bytes, 'shares of attention'));
        const recording = new Recording(this.#graphics);
        try {
          for (const [layer, asked] of queries.entries()) {
            const { key } = this.#cache.layers[layer] as { readonly key: GPUBuffer }; // what was appended since comes after them
            this.#kernels.attention.recordShares(recording, { queries: asked, keys: key, totals, shares, rowCount, keyCount });
          }
          await this.#submissions.run(recording.steps, { beforeSubmission: () => { throwIfCancelled(signal); } });
          const found = new Float32Array(keyHeads * keyCount);
          await readNumbers(this.#graphics, shares, 0, found);
          return Float64Array.from({ length: count }, (_, row) => {
            let sum = 0;
            for (let head = 0; head < keyHeads; head += 1) sum += found[head * keyCount + start + row] as number;
            return sum / (rowCount * heads);
          });
        } finally {
          recording.dispose();
          totals.destroy();
          shares.destroy();
        }
      },
      dispose: () => { for (const buffer of queries) buffer.destroy(); },
    };
  }
}

/** Where the pieces of a prompt begin, and its end: fixed by shapes alone, so that logits are the same on every run. */
function pieceBounds(count: number, measuredFrom: number | undefined): number[] {
  const split = measuredFrom ?? count;
  const bounds: number[] = [];
  for (let start = 0; start < split; start += kernelPieceRows) bounds.push(start);
  if (split < count) bounds.push(split);
  bounds.push(count);
  return bounds;
}
