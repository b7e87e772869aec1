import { bytesPerElement, quadFunctions, quadType } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';

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

const invocations = 64;

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
    return new UnfoldKernel(shape, await pipelineOf(graphics, 'unfold', unfoldShader(shape), { invocations, bytes: 0 }));
  }

  record(recording: Recording, { images, result, imageCount }: UnfoldInput): void {
    const { imageSize, patchSize, rowElements, element } = this.shape;
    const rows = imageCount * Math.floor(imageSize / patchSize) ** 2;
    recording.add({
      pipeline: this.#pipeline, buffers: [images, result], words: [rows, 0, 0], groups: [rows, Math.ceil(rowElements / 4 / invocations), 1],
      cost: operationsPerByte * rows * rowElements * (1 + bytesPerElement(element)),
    });
  }
}

function unfoldShader({ imageSize, patchSize, rowElements, centre, factor, element }: UnfoldShape): string {
  const side = Math.floor(imageSize / patchSize);
  const inner = 3 * patchSize;
  return `struct Parameters { first: u32, rows: u32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> images: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<${quadType(element)}>;
${quadFunctions('element', element)}

@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = parameters.first + group.x;
  let quad = group.y * ${invocations}u + thread;
  if (quad >= ${rowElements / 4}u) { return; }
  let patch_row = row / ${side}u % ${side}u;
  let corner = ((row / ${side * side}u * ${imageSize}u + patch_row * ${patchSize}u) * ${imageSize}u + row % ${side}u * ${patchSize}u) * 3u;
  var all = vec4<f32>();
  for (var place = 0u; place < 4u; place++) {
    let element = quad * 4u + place;
    if (element < ${patchSize * inner}u) {
      let at = corner + element / ${inner}u * ${3 * imageSize}u + element % ${inner}u;
      all[place] = (f32((images[at / 4u] >> (at % 4u * 8u)) & 0xffu) - f32(${centre})) * f32(${factor});
    }
  }
  result[row * ${rowElements / 4}u + quad] = pack_element(all);
}
`;
}
