import { bytesPerElement, elementsPerVector } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';

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

const invocations = 64;

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
    return new GatherKernel(rowBytes, await pipelineOf(graphics, 'gather', gatherShader(rowBytes / 16), { invocations, bytes: 0 }));
  }

  record(recording: Recording, { source, indices, result, rows, resultRow = 0 }: GatherInput): void {
    recording.add({
      pipeline: this.#pipeline, buffers: [source, indices, result], words: [resultRow, 0, 0],
      groups: [rows, Math.ceil(this.#rowBytes / 16 / invocations), 1], cost: operationsPerByte * 2 * rows * this.#rowBytes,
    });
  }
}

function gatherShader(vectors: number): string {
  return `struct Parameters { first: u32, result_row: u32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> source: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<u32>>;

@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = parameters.first + group.x;
  let vector = group.y * ${invocations}u + thread;
  if (vector < ${vectors}u) { result[(parameters.result_row + row) * ${vectors}u + vector] = source[indices[row] * ${vectors}u + vector]; }
}
`;
}
