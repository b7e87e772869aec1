import { bytesPerElement, quadFunctions, quadType } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';

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

const invocations = 128;

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
    return new TableSumKernel(shape, await pipelineOf(graphics, 'table sum', tableSumShader(shape), { invocations, bytes: 0 }));
  }

  record(recording: Recording, { sums, table, rows }: TableSumInput): void {
    const { channels, element } = this.shape;
    recording.add({
      pipeline: this.#pipeline, buffers: [table, sums], words: [rows, 0, 0], groups: [rows, Math.ceil(channels / 4 / invocations), 1],
      cost: operationsPerByte * 2 * rows * channels * bytesPerElement(element),
    });
  }
}

function tableSumShader({ channels, tableRows, factor, element, stored }: TableSumShape): string {
  const quads = channels / 4;
  return `struct Parameters { first: u32, rows: u32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> table: array<${quadType(stored)}>;
@group(0) @binding(2) var<storage, read_write> sums: array<${quadType(element)}>;
${quadFunctions('element', element)}
${stored === element ? '' : quadFunctions('stored', stored)}

@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = parameters.first + group.x;
  let quad = group.y * ${invocations}u + thread;
  if (quad >= ${quads}u) { return; }
  let place = row * ${quads}u + quad;
  sums[place] = pack_element(quad_element(sums[place]) * f32(${factor}) + quad_${stored === element ? 'element' : 'stored'}(table[row % ${tableRows}u * ${quads}u + quad]));
}
`;
}
