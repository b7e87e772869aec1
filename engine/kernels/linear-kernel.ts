import type { GraphicsDevice } from './graphics-device.ts';
import { bytesPerElement } from './elements.ts';
import { chooseMatrixTiles, linearMatrixNeeds, linearMatrixShader, matrixTileColumns, matrixTileRows } from './linear-matrix-shader.ts';
import type { MatrixTiles } from './linear-matrix-shader.ts';
import { chooseRowsTiles, linearRowsNeeds, linearRowsShader, outputsPerGroup } from './linear-rows-shader.ts';
import type { RowsTiles } from './linear-rows-shader.ts';
import { isQuantised, weightBytes } from './linear-shape.ts';
import type { LinearShape } from './linear-shape.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';

/** A weight on the device. `scales` where it is codes, `bias` where the shape says so, `normScale` where rows are normalised first. */
export type LinearWeights = { readonly weight: GPUBuffer; readonly scales?: GPUBuffer | undefined; readonly bias?: GPUBuffer | undefined; readonly normScale?: GPUBuffer | undefined };

/**
 * How rows are multiplied: 'matrix' for many of them on matrix units; 'rows' one by one, for the single row of a step, and for
 * any number where a device has no matrix units.
 */
export type LinearWay = { readonly kind: 'matrix'; readonly tiles: MatrixTiles } | { readonly kind: 'rows'; readonly tiles: RowsTiles };

export type LinearInput = {
  /** [rows, inputs] */
  readonly input: GPUBuffer | GPUBufferBinding;
  readonly weights: LinearWeights;
  /** [rows, outputs]; another buffer than the input. */
  readonly result: GPUBuffer | GPUBufferBinding;
  readonly rows: number;
  /** Where in the result the first row goes; default 0. */
  readonly resultRow?: number;
};

/** A linear layer of one shape (`LinearShape` says what it computes), for any weights of that shape. */
export class LinearKernel {
  readonly shape: LinearShape;
  readonly way: LinearWay;
  readonly #pipeline: GPUComputePipeline;

  private constructor(shape: LinearShape, way: LinearWay, pipeline: GPUComputePipeline) {
    this.shape = shape;
    this.way = way;
    this.#pipeline = pipeline;
  }

  /** Throws `provider-unavailable` where the device has no matrix units for 'matrix', or the shape does not fit. */
  static async create(graphics: GraphicsDevice, shape: LinearShape, way: 'matrix' | 'rows' | LinearWay): Promise<LinearKernel> {
    const chosen = typeof way !== 'string' ? way
      : way === 'matrix' ? { kind: way, tiles: chooseMatrixTiles(graphics.subgroupSize) } : { kind: way, tiles: chooseRowsTiles(shape, graphics.device.limits.maxComputeInvocationsPerWorkgroup) };
    if (shape.inputs % 8 !== 0 || shape.outputs % 8 !== 0) throw unfit('linear', `${String(shape.inputs)} inputs and ${String(shape.outputs)} outputs are no multiples of 8`);
    if (chosen.kind === 'rows') return new LinearKernel(shape, chosen, await pipelineOf(graphics, 'linear', linearRowsShader(shape, chosen.tiles), linearRowsNeeds(shape, chosen.tiles)));
    if (shape.preparation !== undefined) throw unfit('linear', 'only rows one by one are prepared on their way');
    if (!graphics.multipliesMatrices) throw unfit('linear', 'it multiplies no matrices of halves');
    if (shape.element !== 'f16' || shape.weight === 'f32' || shape.inputs % 32 !== 0) throw unfit('linear', `matrix units take halves and multiples of 32 inputs, not ${String(shape.inputs)} (${shape.element}, ${shape.weight})`);
    return new LinearKernel(shape, chosen, await pipelineOf(graphics, 'linear', linearMatrixShader(shape, chosen.tiles), linearMatrixNeeds(shape, chosen.tiles)));
  }

  record(recording: Recording, { input, weights, result, rows, resultRow = 0 }: LinearInput): void {
    const { inputs, outputs, weight, biased, element, preparation } = this.shape;
    const buffers = [input, ...preparation?.kind === 'rms-norm' ? [weights.normScale as GPUBuffer] : [], weights.weight, ...isQuantised(weight) ? [weights.scales as GPUBuffer] : [], ...biased ? [weights.bias as GPUBuffer] : [], result];
    const moved = weightBytes(this.shape) + rows * (inputs + outputs) * bytesPerElement(element);
    recording.add({
      pipeline: this.#pipeline, buffers, words: [rows, resultRow, 0],
      groups: this.way.kind === 'matrix'
        ? [Math.ceil(rows / matrixTileRows(this.way.tiles)), Math.ceil(outputs / matrixTileColumns(this.way.tiles)), 1]
        : [rows, Math.ceil(outputs / outputsPerGroup(this.shape, this.way.tiles)), 1],
      cost: Math.max(2 * rows * inputs * outputs, operationsPerByte * moved),
    });
  }
}
