import { bytesPerElement, quadFunctions, quadType } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';
import { rowUnitsGroups, rowUnitsNeeds, rowUnitsShader } from './row-units.ts';

export type GateInput = {
  /** [rows, 2 · channels]: a gate and what it lets through. */
  readonly input: GPUBuffer;
  /** [rows, channels]; another buffer than the input. */
  readonly result: GPUBuffer;
  readonly rows: number;
};

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
    return new GateKernel(channels, element, await pipelineOf(graphics, 'gate', gateShader(channels, element), rowUnitsNeeds));
  }

  record(recording: Recording, { input, result, rows }: GateInput): void {
    recording.add({
      pipeline: this.#pipeline, buffers: [input, result], words: [rows, 0, 0], groups: rowUnitsGroups(rows, this.#channels / 4),
      cost: operationsPerByte * 3 * rows * this.#channels * bytesPerElement(this.#element),
    });
  }
}

export function gateShader(channels: number, element: Element): string {
  const quads = channels / 4;
  return rowUnitsShader({
    unitsPerRow: quads, word: 'rows', functions: quadFunctions('element', element),
    buffers: [`input: array<${quadType(element)}>`, `result: array<${quadType(element)}>`],
    body: `  let gate = quad_element(input[row * ${2 * quads}u + unit]);
  let up = quad_element(input[row * ${2 * quads}u + ${quads}u + unit]);
  result[row * ${quads}u + unit] = pack_element(gate / (1.0 + exp(-gate)) * up);`,
  });
}
