import { AttentionKernel } from '../../kernels/attention-kernel.ts';
import { chooseTiles } from '../../kernels/attention-tiles.ts';
import type { AttentionSpelling, AttentionTiles } from '../../kernels/attention-tiles.ts';
import { bytesPerElement } from '../../kernels/elements.ts';
import type { Element } from '../../kernels/elements.ts';
import type { GraphicsDevice } from '../../kernels/graphics-device.ts';
import { LinearKernel } from '../../kernels/linear-kernel.ts';
import type { LinearWay } from '../../kernels/linear-kernel.ts';
import type { MatrixTiles } from '../../kernels/linear-matrix-shader.ts';
import type { LinearShape } from '../../kernels/linear-shape.ts';
import { NormKernel } from '../../kernels/norm-kernel.ts';
import { allKernels } from '../../kernels/pipelines.ts';
import type { Recording } from '../../kernels/recording.ts';
import { RowMixKernel } from '../../kernels/row-mix-kernel.ts';
import { TableSumKernel } from '../../kernels/table-sum-kernel.ts';
import { UnfoldKernel } from '../../kernels/unfold-kernel.ts';
import { pixelCentre } from '../../models/siglip.ts';
import type { ModelShape } from '../../models/spec.ts';
import { towerWidths } from '../../models/tower-widths.ts';
import type { TowerWidths } from '../../models/tower-widths.ts';
import type { TowerWeights } from './tower-weights.ts';

export type TowerShape = Pick<ModelShape, 'vision' | 'tokensPerFrame'>;

/** How work on matrix units is cut where it is not as the kernels choose. */
export type TowerTiles = { readonly linear: MatrixTiles; readonly attention: AttentionTiles };

/** What a run's kernels hand on. `narrow` and `wide` are many things one after the other, as large as the largest. */
export type TowerBuffers = {
  /** [frames · patches, channels], the residual, and at the end what is pooled. */
  readonly sum: GPUBuffer;
  /** Rows that were normalised; what the heads have gathered. */
  readonly narrow: GPUBuffer;
  /** Patches; queries, keys and values; the wide layer. */
  readonly wide: GPUBuffer;
  /** [frames · tokensPerFrame, channels] */
  readonly pooled: GPUBuffer;
};

type Kernels = {
  readonly unfold: UnfoldKernel;
  readonly embed: LinearKernel;
  readonly place: TableSumKernel;
  readonly norm: NormKernel;
  readonly qkv: LinearKernel;
  readonly attention: AttentionKernel;
  readonly output: LinearKernel;
  readonly wide: LinearKernel;
  readonly narrow: LinearKernel;
  readonly pool: RowMixKernel;
};

/** Exact in halves: pixels lie 1/128 apart. What is left of 1 / 127.5 is made up for behind the product. */
const pixelFactor = 1 / 128;
/** Many rows one by one fill a device: as few invocations as there can be share an output, and wait for each other (of halves one has eight, and writes four). */
const manyRows: LinearWay = { kind: 'rows', tiles: { slices: 2, teams: 16, columns: 4 } };
/** Rows of the grid that a pooled token lies between, and as many columns. */
export const poolTaps = 4;

/** The kernels of SigLIP's tower, stage by stage what `buildVision` says in operators (models/siglip.ts). */
export class TowerKernels {
  readonly element: Element;
  readonly widths: TowerWidths;
  readonly #shape: TowerShape;
  readonly #kernels: Kernels;

  private constructor(shape: TowerShape, element: Element, widths: TowerWidths, kernels: Kernels) {
    this.#shape = shape;
    this.element = element;
    this.widths = widths;
    this.#kernels = kernels;
  }

  /** Throws `provider-unavailable` where a width is of no use to a kernel, or the device has no matrix units for 'matrix'. */
  static async create(graphics: GraphicsDevice, shape: TowerShape, element: Element, stored: Element, spelling: AttentionSpelling, tiles?: TowerTiles): Promise<TowerKernels> {
    const { vision, tokensPerFrame } = shape;
    const { channels, heads } = vision;
    const widths = towerWidths(vision);
    const way: LinearWay | 'matrix' = spelling === 'plain' ? manyRows : tiles === undefined ? 'matrix' : { kind: 'matrix', tiles: tiles.linear };
    const linear = async (inputs: number, outputs: number, more: Partial<LinearShape> = {}) =>
      await LinearKernel.create(graphics, { inputs, outputs, element, weight: stored, stored, biased: true, activation: 'none', adds: false, ...more }, way);
    return new TowerKernels(shape, element, widths, await allKernels({
      unfold: UnfoldKernel.create(graphics, { imageSize: vision.imageSize, patchSize: vision.patchSize, rowElements: widths.patchInputs, centre: pixelCentre, factor: pixelFactor, element }),
      embed: linear(widths.patchInputs, channels, { biased: false }),
      place: TableSumKernel.create(graphics, { channels, tableRows: widths.patches, factor: 1 / (pixelFactor * pixelCentre), element, stored }),
      norm: NormKernel.create(graphics, { kind: 'layer', channels, epsilon: vision.layerNormEpsilon, element, stored }),
      qkv: linear(channels, 3 * widths.attended),
      attention: AttentionKernel.create(graphics, {
        headSize: widths.headSize, keyHeads: heads, element, spelling, tiles: (spelling === 'matrix' ? tiles?.attention : undefined) ?? chooseTiles(widths.headSize, spelling, graphics.subgroupSize), sequences: { rows: widths.patches },
      }),
      output: linear(widths.attended, channels, { adds: true }),
      wide: linear(channels, widths.intermediate, { activation: 'gelu-tanh' }),
      narrow: linear(widths.intermediate, channels, { adds: true }),
      pool: RowMixKernel.create(graphics, { channels, inputRows: widths.patches, resultRows: tokensPerFrame, taps: poolTaps, element }),
    }));
  }

  /** Bytes that a run of so many frames needs of each buffer. */
  bufferBytes(frameCount: number): Readonly<Record<keyof TowerBuffers, number>> {
    const { vision: { channels }, tokensPerFrame } = this.#shape;
    const { patches, patchInputs, attended, intermediate } = this.widths;
    const size = bytesPerElement(this.element);
    const rows = frameCount * patches;
    // Tiles of queries, keys and values are read to their end, which is behind the last frame's.
    const paddedRows = rows - patches + this.#kernels.attention.paddedRows(patches);
    return {
      sum: size * rows * channels,
      narrow: size * rows * Math.max(channels, attended),
      wide: size * Math.max(rows * patchInputs, paddedRows * 3 * attended, rows * intermediate),
      pooled: size * frameCount * tokensPerFrame * channels,
    };
  }

  /** Frames u8 [frameCount, imageSize, imageSize, 3] to patches that are placed, in `sum`. */
  recordEmbedding(recording: Recording, weights: TowerWeights, frames: GPUBuffer, { sum, wide }: TowerBuffers, frameCount: number): void {
    const { unfold, embed, place } = this.#kernels;
    const rows = frameCount * this.widths.patches;
    unfold.record(recording, { images: frames, result: wide, imageCount: frameCount });
    embed.record(recording, { input: wide, weights: { weight: weights.patchEmbedding }, result: sum, rows });
    place.record(recording, { sums: sum, table: weights.positions, rows });
  }

  /** All layers over `sum`, then pooling. */
  recordLayers(recording: Recording, weights: TowerWeights, taps: GPUBuffer, { sum, narrow, wide, pooled }: TowerBuffers, frameCount: number): void {
    const kernels = this.#kernels;
    const { patches } = this.widths;
    const { channels, heads } = this.#shape.vision;
    const rows = frameCount * patches;
    for (const layer of weights.layers) {
      kernels.norm.record(recording, { input: sum, ...layer.before, result: narrow, rows });
      kernels.qkv.record(recording, { input: narrow, weights: layer.qkv, result: wide, rows });
      kernels.attention.record(recording, {
        queries: wide, memory: { key: wide, value: wide, keyCount: patches }, result: narrow, rows: patches, scale: 1 / Math.sqrt(channels / heads), sequences: frameCount,
      });
      kernels.output.record(recording, { input: narrow, weights: layer.output, result: sum, rows });
      kernels.norm.record(recording, { input: sum, ...layer.between, result: narrow, rows });
      kernels.wide.record(recording, { input: narrow, weights: layer.wide, result: wide, rows });
      kernels.narrow.record(recording, { input: wide, weights: layer.narrow, result: sum, rows });
    }
    kernels.pool.record(recording, { input: sum, taps, result: pooled, sequences: frameCount });
  }
}
