import { bytesPerElement, quadFunctions, quadType } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';
import { rowUnitsGroups, rowUnitsNeeds, rowUnitsShader } from './row-units.ts';

export type UnfoldShape = {
  /** Pixels of both sides of an image, three bytes each. */
  readonly imageSize: number;
  /** Pixels of both sides of a patch. Pixels that fill none are left out. */
  readonly patchSize: number;
  /** Elements of a row: at least those of a patch, a multiple of four; what is behind them is zero. */
  readonly rowElements: number;
  /** A byte b becomes (b − centre) · factor. */
  readonly centre: number;
  readonly factor: number;
  readonly element: Element;
};

export type UnfoldInput = {
  /** u8 [images, imageSize, imageSize, 3] */
  readonly images: GPUBuffer;
  /** [images · patches, rowElements]: a patch's pixels row by row, their colours side by side. */
  readonly result: GPUBuffer;
  readonly imageCount: number;
};

/** Patches of images as rows, so that a convolution whose windows do not overlap is one product of matrices. */
export class UnfoldKernel {
  readonly shape: UnfoldShape;
  readonly #pipeline: GPUComputePipeline;

  private constructor(shape: UnfoldShape, pipeline: GPUComputePipeline) {
    this.shape = shape;
    this.#pipeline = pipeline;
  }

  /** Throws `provider-unavailable`. */
  static async create(graphics: GraphicsDevice, shape: UnfoldShape): Promise<UnfoldKernel> {
    if (3 * shape.imageSize ** 2 % 4 !== 0 || shape.rowElements % 4 !== 0) throw unfit('unfold', `the bytes of ${String(shape.imageSize)} × ${String(shape.imageSize)} pixels, or rows of ${String(shape.rowElements)}, are no multiple of 4`);
    return new UnfoldKernel(shape, await pipelineOf(graphics, 'unfold', unfoldShader(shape), rowUnitsNeeds));
  }

  record(recording: Recording, { images, result, imageCount }: UnfoldInput): void {
    const { imageSize, patchSize, rowElements, element } = this.shape;
    const rows = imageCount * Math.floor(imageSize / patchSize) ** 2;
    recording.add({
      pipeline: this.#pipeline, buffers: [images, result], words: [rows, 0, 0], groups: rowUnitsGroups(rows, rowElements / 4),
      cost: operationsPerByte * rows * rowElements * (1 + bytesPerElement(element)),
    });
  }
}

function unfoldShader({ imageSize, patchSize, rowElements, centre, factor, element }: UnfoldShape): string {
  const side = Math.floor(imageSize / patchSize);
  const inner = 3 * patchSize;
  return rowUnitsShader({
    unitsPerRow: rowElements / 4, word: 'rows', functions: quadFunctions('element', element),
    buffers: ['images: array<u32>', `result: array<${quadType(element)}>`],
    body: `  let patch_row = row / ${side}u % ${side}u;
  let corner = ((row / ${side * side}u * ${imageSize}u + patch_row * ${patchSize}u) * ${imageSize}u + row % ${side}u * ${patchSize}u) * 3u;
  var all = vec4<f32>();
  for (var place = 0u; place < 4u; place++) {
    let element = unit * 4u + place;
    if (element < ${patchSize * inner}u) {
      let at = corner + element / ${inner}u * ${3 * imageSize}u + element % ${inner}u;
      all[place] = (f32((images[at / 4u] >> (at % 4u * 8u)) & 0xffu) - f32(${centre})) * f32(${factor});
    }
  }
  result[row * ${rowElements / 4}u + unit] = pack_element(all);`,
  });
}
