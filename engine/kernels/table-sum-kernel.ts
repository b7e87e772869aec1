import { bytesPerElement, quadFunctions, quadType } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';
import { rowUnitsGroups, rowUnitsNeeds, rowUnitsShader } from './row-units.ts';

export type TableSumShape = {
  /** A multiple of four. */
  readonly channels: number;
  readonly tableRows: number;
  readonly factor: number;
  /** What rows are kept in. */
  readonly element: Element;
  /** What the table is kept in. */
  readonly stored: Element;
};

export type TableSumInput = {
  /** [rows, channels]; the result lies in the same place. */
  readonly sums: GPUBuffer;
  /** [tableRows, channels] */
  readonly table: GPUBuffer;
  readonly rows: number;
};

/** rows · factor + table, whose rows begin anew behind the last: what stands at a place gets what is learned of that place. */
export class TableSumKernel {
  readonly shape: TableSumShape;
  readonly #pipeline: GPUComputePipeline;

  private constructor(shape: TableSumShape, pipeline: GPUComputePipeline) {
    this.shape = shape;
    this.#pipeline = pipeline;
  }

  /** Throws `provider-unavailable`. */
  static async create(graphics: GraphicsDevice, shape: TableSumShape): Promise<TableSumKernel> {
    if (shape.channels % 4 !== 0) throw unfit('table sum', `${String(shape.channels)} channels are no multiple of 4`);
    return new TableSumKernel(shape, await pipelineOf(graphics, 'table sum', tableSumShader(shape), rowUnitsNeeds));
  }

  record(recording: Recording, { sums, table, rows }: TableSumInput): void {
    const { channels, element } = this.shape;
    recording.add({
      pipeline: this.#pipeline, buffers: [table, sums], words: [rows, 0, 0], groups: rowUnitsGroups(rows, channels / 4),
      cost: operationsPerByte * 2 * rows * channels * bytesPerElement(element),
    });
  }
}

function tableSumShader({ channels, tableRows, factor, element, stored }: TableSumShape): string {
  const quads = channels / 4;
  return rowUnitsShader({
    unitsPerRow: quads, word: 'rows', functions: `${quadFunctions('element', element)}\n${stored === element ? '' : quadFunctions('stored', stored)}`,
    buffers: [`table: array<${quadType(stored)}>`, `sums: array<${quadType(element)}>`],
    body: `  let place = row * ${quads}u + unit;
  sums[place] = pack_element(quad_element(sums[place]) * f32(${factor}) + quad_${stored === element ? 'element' : 'stored'}(table[row % ${tableRows}u * ${quads}u + unit]));`,
  });
}
