import { bytesPerElement, quadFunctions, quadType } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';

export type GateInput = {
  /** [rows, 2 · channels]: a gate and what it lets through. */
  readonly input: GPUBuffer;
  /** [rows, channels]; another buffer than the input. */
  readonly result: GPUBuffer;
  readonly rows: number;
};

const invocations = 128;

/** silu(gate) · up of many rows; for a single one the next product does it on its way (`Preparation`). */
export class GateKernel {
  readonly #channels: number;
  readonly #element: Element;
  readonly #pipeline: GPUComputePipeline;

  private constructor(channels: number, element: Element, pipeline: GPUComputePipeline) {
    this.#channels = channels;
    this.#element = element;
    this.#pipeline = pipeline;
  }

  /** Throws `provider-unavailable`. */
  static async create(graphics: GraphicsDevice, channels: number, element: Element): Promise<GateKernel> {
    if (channels % 8 !== 0) throw unfit('gate', `${String(channels)} channels are no multiple of 8`);
    return new GateKernel(channels, element, await pipelineOf(graphics, 'gate', gateShader(channels, element), { invocations, bytes: 0 }));
  }

  record(recording: Recording, { input, result, rows }: GateInput): void {
    recording.add({
      pipeline: this.#pipeline, buffers: [input, result], words: [rows, 0, 0], groups: [rows, Math.ceil(this.#channels / 4 / invocations), 1],
      cost: operationsPerByte * 3 * rows * this.#channels * bytesPerElement(this.#element),
    });
  }
}

export function gateShader(channels: number, element: Element): string {
  const quads = channels / 4;
  return `struct Parameters { first: u32, rows: u32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> input: array<${quadType(element)}>;
@group(0) @binding(2) var<storage, read_write> result: array<${quadType(element)}>;
${quadFunctions('element', element)}

@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = parameters.first + group.x;
  let quad = group.y * ${invocations}u + thread;
  if (quad >= ${quads}u) { return; }
  let gate = quad_element(input[row * ${2 * quads}u + quad]);
  let up = quad_element(input[row * ${2 * quads}u + ${quads}u + quad]);
  result[row * ${quads}u + quad] = pack_element(gate / (1.0 + exp(-gate)) * up);
}
`;
}
