import type { AttentionMemory } from '../../kernels/attention-kernel.ts';
import { keySharesShader, keysPerGroup, rowTotalsNeeds, rowTotalsShader } from '../../kernels/attention-shares-shader.ts';
import { createAll, createStorage, readNumbers, writeNumbers } from '../../kernels/device-buffers.ts';
import { GatherKernel } from '../../kernels/gather-kernel.ts';
import { pipelineOf } from '../../kernels/pipelines.ts';
import { floatWord, Recording } from '../../kernels/recording.ts';
import type { ModelSpec } from '../../models/spec.ts';
import { throwIfCancelled } from '../../protocol/errors.ts';
import type { DeviceCrossMemory } from './device-cross-memory.ts';
import { disposeScratch } from './device-projector.ts';
import type { OwnDevice } from './own-device.ts';

/** How much of their cross-attention chosen rows give to every memory token, on our own device: scores are never kept. */
export class DeviceShares {
  readonly #own: OwnDevice;
  readonly #spec: ModelSpec;
  readonly #gather: GatherKernel;
  readonly #totals: GPUComputePipeline;
  readonly #shares: GPUComputePipeline;

  private constructor(own: OwnDevice, spec: ModelSpec, gather: GatherKernel, totals: GPUComputePipeline, shares: GPUComputePipeline) {
    this.#own = own;
    this.#spec = spec;
    this.#gather = gather;
    this.#totals = totals;
    this.#shares = shares;
  }

  static async open(own: OwnDevice, spec: ModelSpec): Promise<DeviceShares> {
    const { heads, keyHeads, headSize } = spec.text;
    const shape = { heads, keyHeads, headSize, element: own.element };
    return new DeviceShares(own, spec, await GatherKernel.create(own.graphics, heads * headSize, own.element),
      await pipelineOf(own.graphics, 'attention totals', rowTotalsShader(shape, true), rowTotalsNeeds(shape)),
      await pipelineOf(own.graphics, 'attention shares', keySharesShader(shape), { invocations: keysPerGroup, bytes: 0 }));
  }

  /**
   * Of rows of the last block's cross queries [all rows, heads · headSize], weighted, mean over heads: [tokens].
   * Throws `cancelled`, `device-failed`, `out-of-memory`.
   */
  async measure(crossQueries: GPUBuffer, memory: DeviceCrossMemory, rows: readonly number[], weights: ArrayLike<number>, signal?: AbortSignal): Promise<Float64Array> {
    const { heads, keyHeads, headSize } = this.#spec.text;
    const { graphics } = this.#own;
    const { tokenCount } = memory;
    const picked = await this.#own.rows(rows.length, heads * headSize, 'what was looked at');
    try {
      const sizes = { indices: rows.length * 4, weights: rows.length * 4, totals: rows.length * heads * 4, shares: keyHeads * tokenCount * 4 };
      const buffers = await createAll(sizes, (bytes) => createStorage(graphics, bytes, 'what was looked at'));
      try {
        this.#own.writeIndices(buffers.indices, Uint32Array.from(rows));
        // Its logarithm is taken.
        writeNumbers(graphics, buffers.weights, 0, Float32Array.from(weights, (weight) => Math.max(weight, 1e-30)));
        await memory.useBlock(this.#spec.memaugDepth - 1, (held) => this.#measureBlock(crossQueries, held, { ...buffers, picked }, rows.length, tokenCount, signal));
        const byHead = new Float32Array(keyHeads * tokenCount);
        await readNumbers(graphics, buffers.shares, 0, byHead);
        return Float64Array.from({ length: tokenCount }, (_, token) => {
          let sum = 0;
          for (let head = 0; head < keyHeads; head += 1) sum += byHead[head * tokenCount + token] as number;
          return sum / heads;
        });
      } finally {
        disposeScratch(buffers);
      }
    } finally {
      picked.destroy();
    }
  }

  async #measureBlock(source: GPUBuffer, { key }: AttentionMemory, buffers: Readonly<Record<'indices' | 'weights' | 'totals' | 'shares' | 'picked', GPUBuffer>>, rows: number, tokenCount: number, signal?: AbortSignal): Promise<void> {
    const { heads, keyHeads, headSize } = this.#spec.text;
    const recording = new Recording(this.#own.graphics);
    const words = [tokenCount, rows, floatWord(Math.LOG2E / Math.sqrt(headSize))] as const;
    const cost = 16 * rows * heads * headSize * tokenCount; // without matrix units it takes several times as long
    this.#gather.record(recording, { source, indices: buffers.indices, result: buffers.picked, rows });
    recording.add({ pipeline: this.#totals, buffers: [buffers.picked, key, buffers.totals, buffers.weights], words, groups: [rows, keyHeads, 1], cost });
    recording.add({ pipeline: this.#shares, buffers: [buffers.picked, key, buffers.totals, buffers.shares], words, groups: [Math.ceil(tokenCount / keysPerGroup), keyHeads, 1], cost });
    try {
      await this.#own.submissions.run(recording.steps, { beforeSubmission: () => { throwIfCancelled(signal); } });
    } finally {
      recording.dispose();
    }
  }
}
