import { bytesPerElement, elementsPerVector } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';
import { rowUnitsGroups, rowUnitsNeeds, rowUnitsShader } from './row-units.ts';

export type GatherInput = {
  /** [rows of any number, channels] */
  readonly source: GPUBuffer;
  /** u32 [rows]: which row of the source. */
  readonly indices: GPUBuffer;
  /** [at least resultRow + rows, channels]; another buffer than the source. */
  readonly result: GPUBuffer;
  readonly rows: number;
  /** Where in the result the first row goes; default 0. */
  readonly resultRow?: number;
};

/** Chosen rows, one behind the other. */
export class GatherKernel {
  readonly #rowBytes: number;
  readonly #pipeline: GPUComputePipeline;

  private constructor(rowBytes: number, pipeline: GPUComputePipeline) {
    this.#rowBytes = rowBytes;
    this.#pipeline = pipeline;
  }

  /** Throws `provider-unavailable`. */
  static async create(graphics: GraphicsDevice, channels: number, element: Element): Promise<GatherKernel> {
    if (channels % elementsPerVector(element) !== 0) throw unfit('gather', `${String(channels)} channels are no multiple of ${String(elementsPerVector(element))}`);
    const rowBytes = channels * bytesPerElement(element);
    return new GatherKernel(rowBytes, await pipelineOf(graphics, 'gather', gatherShader(rowBytes / 16), rowUnitsNeeds));
  }

  record(recording: Recording, { source, indices, result, rows, resultRow = 0 }: GatherInput): void {
    recording.add({
      pipeline: this.#pipeline, buffers: [source, indices, result], words: [resultRow, 0, 0],
      groups: rowUnitsGroups(rows, this.#rowBytes / 16), cost: operationsPerByte * 2 * rows * this.#rowBytes,
    });
  }
}

function gatherShader(vectors: number): string {
  return rowUnitsShader({
    unitsPerRow: vectors, word: 'result_row',
    buffers: ['source: array<vec4<u32>>', 'indices: array<u32>', 'result: array<vec4<u32>>'],
    body: `  result[(parameters.result_row + row) * ${vectors}u + unit] = source[indices[row] * ${vectors}u + unit];`,
  });
}
