import { bytesPerElement } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';
import { rowUnitsGroups, rowUnitsNeeds, rowUnitsShader } from './row-units.ts';

export type RotateShape = {
  readonly heads: number;
  readonly headSize: number;
  /** Channels of a head that turn, its first ones; a multiple of four. */
  readonly rotarySize: number;
  readonly element: Element;
};

export type RotateInput = {
  /** [at least firstRow + rowCount, heads · headSize] */
  readonly rows: GPUBuffer;
  readonly firstRow?: number;
  readonly rowCount: number;
  /** [rowCount, rotarySize / 2] each, float32. */
  readonly cosine: GPUBuffer;
  readonly sine: GPUBuffer;
};

/** Rotary position embedding by halves (GPT-NeoX order), in place, with cosines and sines of every row. */
export class RotateKernel {
  readonly #shape: RotateShape;
  readonly #pipeline: GPUComputePipeline;

  private constructor(shape: RotateShape, pipeline: GPUComputePipeline) {
    this.#shape = shape;
    this.#pipeline = pipeline;
  }

  /** Throws `provider-unavailable`. */
  static async create(graphics: GraphicsDevice, shape: RotateShape): Promise<RotateKernel> {
    if (shape.rotarySize % 4 !== 0 || shape.headSize % 2 !== 0) throw unfit('rotation', `${String(shape.rotarySize)} of ${String(shape.headSize)} channels are no multiples of 4 and 2`);
    return new RotateKernel(shape, await pipelineOf(graphics, 'rotation', rotateShader(shape), rowUnitsNeeds));
  }

  record(recording: Recording, { rows, firstRow = 0, rowCount, cosine, sine }: RotateInput): void {
    const { heads, rotarySize, element } = this.#shape;
    recording.add({
      pipeline: this.#pipeline, buffers: [cosine, sine, rows], words: [firstRow, 0, 0], groups: rowUnitsGroups(rowCount, unitsOf(this.#shape)),
      cost: operationsPerByte * 2 * rowCount * heads * rotarySize * bytesPerElement(element),
    });
  }
}

/** Two channels and the two that turn with them. */
function unitsOf({ heads, rotarySize }: RotateShape): number {
  return heads * rotarySize / 4;
}

export function rotateShader(shape: RotateShape): string {
  const { heads, headSize, rotarySize, element } = shape;
  const half = rotarySize / 4;
  const read = (place: string) => element === 'f16' ? `unpack2x16float(${place})` : place;
  const write = (value: string) => element === 'f16' ? `pack2x16float(${value})` : value;
  return rowUnitsShader({
    unitsPerRow: unitsOf(shape), word: 'first_row',
    buffers: ['cosines: array<vec2<f32>>', 'sines: array<vec2<f32>>', `rows: array<${element === 'f16' ? 'u32' : 'vec2<f32>'}>`],
    body: `  let pair = unit % ${half}u;
  let place = (parameters.first_row + row) * ${heads * headSize / 2}u + unit / ${half}u * ${headSize / 2}u + pair;
  let first = ${read('rows[place]')};
  let second = ${read(`rows[place + ${half}u]`)};
  let cosine = cosines[row * ${half}u + pair];
  let sine = sines[row * ${half}u + pair];
  rows[place] = ${write('first * cosine - second * sine')};
  rows[place + ${half}u] = ${write('second * cosine + first * sine')};`,
  });
}
