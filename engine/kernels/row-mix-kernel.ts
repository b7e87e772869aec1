import { bytesPerElement, quadFunctions, quadType } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';
import { rowUnitsGroups, rowUnitsNeeds, rowUnitsShader } from './row-units.ts';

export type RowMixShape = {
  /** A multiple of four. */
  readonly channels: number;
  /** Rows of a sequence in the input and in the result. */
  readonly inputRows: number;
  readonly resultRows: number;
  /** Input rows that a result row is made of. */
  readonly taps: number;
  readonly element: Element;
};

export type RowMixInput = {
  /** [sequences · inputRows, channels] */
  readonly input: GPUBuffer;
  /** u32 and float32 [resultRows, taps, 2] (`packTaps`). */
  readonly taps: GPUBuffer;
  /** [sequences · resultRows, channels]; another buffer than the input. */
  readonly result: GPUBuffer;
  readonly sequences: number;
};

/** One input row of a result row and how much of it. */
export type Tap = { readonly row: number; readonly weight: number };

/** Taps of all result rows as they lie in their buffer. */
export function packTaps(taps: readonly (readonly Tap[])[]): Uint8Array<ArrayBuffer> {
  const all = taps.flat();
  const packed = new DataView(new ArrayBuffer(8 * all.length));
  all.forEach(({ row, weight }, index) => {
    packed.setUint32(8 * index, row, true);
    packed.setFloat32(8 * index + 4, weight, true);
  });
  return new Uint8Array(packed.buffer);
}

/** Weighted sums of a few rows each, the same of every sequence: interpolation between them. */
export class RowMixKernel {
  readonly shape: RowMixShape;
  readonly #pipeline: GPUComputePipeline;

  private constructor(shape: RowMixShape, pipeline: GPUComputePipeline) {
    this.shape = shape;
    this.#pipeline = pipeline;
  }

  /** Throws `provider-unavailable`. */
  static async create(graphics: GraphicsDevice, shape: RowMixShape): Promise<RowMixKernel> {
    if (shape.channels % 4 !== 0) throw unfit('row mix', `${String(shape.channels)} channels are no multiple of 4`);
    return new RowMixKernel(shape, await pipelineOf(graphics, 'row mix', rowMixShader(shape), rowUnitsNeeds));
  }

  record(recording: Recording, { input, taps, result, sequences }: RowMixInput): void {
    const { channels, resultRows, taps: count, element } = this.shape;
    const rows = sequences * resultRows;
    recording.add({
      pipeline: this.#pipeline, buffers: [input, taps, result], words: [rows, 0, 0], groups: rowUnitsGroups(rows, channels / 4),
      cost: operationsPerByte * (count + 1) * rows * channels * bytesPerElement(element),
    });
  }
}

function rowMixShader({ channels, inputRows, resultRows, taps, element }: RowMixShape): string {
  const quads = channels / 4;
  return rowUnitsShader({
    unitsPerRow: quads, word: 'rows', functions: `struct Tap { row: u32, weight: f32 }\n${quadFunctions('element', element)}`,
    buffers: [`input: array<${quadType(element)}>`, 'taps: array<Tap>', `result: array<${quadType(element)}>`],
    body: `  var sum = vec4<f32>();
  for (var index = 0u; index < ${taps}u; index++) {
    let tap = taps[row % ${resultRows}u * ${taps}u + index];
    sum += tap.weight * quad_element(input[(row / ${resultRows}u * ${inputRows}u + tap.row) * ${quads}u + unit]);
  }
  result[row * ${quads}u + unit] = pack_element(sum);`,
  });
}
