import { bytesPerElement, elementsPerVector, quadFunctions, quadType } from './elements.ts';
import type { Element } from './elements.ts';
import type { GraphicsDevice } from './graphics-device.ts';
import { pipelineOf, unfit } from './pipelines.ts';
import { operationsPerByte } from './recording.ts';
import type { Recording } from './recording.ts';

/** 'layer': (x − mean) / √(variance + ε) · scale + bias. 'rms': x / √(mean of squares + ε) · scale. */
export type NormShape = {
  readonly kind: 'layer' | 'rms';
  /** A multiple of eight. */
  readonly channels: number;
  readonly epsilon: number;
  /** What rows are kept in. */
  readonly element: Element;
  /** What scale and bias are kept in. */
  readonly stored: Element;
};

export type NormInput = {
  /** [rows, channels] */
  readonly input: GPUBuffer | GPUBufferBinding;
  /** [channels] */
  readonly scale: GPUBuffer;
  /** [channels], of a layer norm. */
  readonly bias?: GPUBuffer | undefined;
  /** [rows, channels]; another buffer than the input. */
  readonly result: GPUBuffer | GPUBufferBinding;
  readonly rows: number;
};

const most = 256; // invocations of a row

/** Normalisation of rows, in float32 between input and result; a workgroup a row. */
export class NormKernel {
  readonly shape: NormShape;
  readonly #pipeline: GPUComputePipeline;

  private constructor(shape: NormShape, pipeline: GPUComputePipeline) {
    this.shape = shape;
    this.#pipeline = pipeline;
  }

  /** Throws `provider-unavailable`. */
  static async create(graphics: GraphicsDevice, shape: NormShape): Promise<NormKernel> {
    if (shape.channels % elementsPerVector('f16') !== 0) throw unfit('norm', `${String(shape.channels)} channels are no multiple of 8`);
    const invocations = Math.min(most, 2 ** Math.ceil(Math.log2(shape.channels / 4)), graphics.device.limits.maxComputeInvocationsPerWorkgroup);
    return new NormKernel(shape, await pipelineOf(graphics, 'norm', normShader(shape, invocations), { invocations, bytes: 8 * invocations }));
  }

  record(recording: Recording, { input, scale, bias, result, rows }: NormInput): void {
    const { kind, channels, element } = this.shape;
    recording.add({
      pipeline: this.#pipeline, buffers: [input, scale, ...kind === 'layer' ? [bias as GPUBuffer] : [], result], words: [rows, 0, 0], groups: [rows, 1, 1],
      cost: operationsPerByte * 2 * rows * channels * bytesPerElement(element),
    });
  }
}

/** Two passes over a row, as the reference has them: the mean first, then the squares of what is left of it. */
export function normShader({ kind, channels, epsilon, element, stored }: NormShape, invocations: number): string {
  const quads = channels / 4;
  const isLayer = kind === 'layer';
  const name = stored === element ? 'element' : 'stored';
  const each = (body: string) => `  for (var quad = thread; quad < ${quads}u; quad += ${invocations}u) {\n${body}\n  }`;
  return `struct Parameters { first: u32, rows: u32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> input: array<${quadType(element)}>;
@group(0) @binding(2) var<storage, read> scale: array<${quadType(stored)}>;
${isLayer ? `@group(0) @binding(3) var<storage, read> bias: array<${quadType(stored)}>;` : ''}
@group(0) @binding(${isLayer ? 4 : 3}) var<storage, read_write> result: array<${quadType(element)}>;
var<workgroup> sums: array<f32, ${invocations}>;
${quadFunctions('element', element)}
${stored === element ? '' : quadFunctions('stored', stored)}
fn mean_of(thread: u32, own: f32) -> f32 {
  workgroupBarrier();
  sums[thread] = own;
  for (var half = ${invocations / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) { sums[thread] += sums[thread + half]; }
  }
  workgroupBarrier();
  return sums[0] / ${channels}.0;
}

@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = (parameters.first + group.x) * ${quads}u;
  var own = 0.0;
${isLayer ? `${each('    own += dot(quad_element(input[row + quad]), vec4<f32>(1.0));')}
  let mean = mean_of(thread, own);
  own = 0.0;
${each('    let off = quad_element(input[row + quad]) - mean;\n    own += dot(off, off);')}`
    : `  let mean = 0.0;
${each('    let all = quad_element(input[row + quad]);\n    own += dot(all, all);')}`}
  let factor = inverseSqrt(mean_of(thread, own) + ${epsilon});
${each(`    let even = (quad_element(input[row + quad]) - mean) * factor * quad_${name}(scale[quad]);
    result[row + quad] = pack_element(even${isLayer ? ` + quad_${name}(bias[quad])` : ''});`)}
}
`;
}
