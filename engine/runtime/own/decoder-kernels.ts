import { DecoderAttention } from '../../kernels/decoder-attention.ts';
import type { LayerCache } from '../../kernels/decoder-attention.ts';
import { bytesPerElement } from '../../kernels/elements.ts';
import { GateKernel } from '../../kernels/gate-kernel.ts';
import { LinearKernel } from '../../kernels/linear-kernel.ts';
import type { LinearShape } from '../../kernels/linear-shape.ts';
import { NormKernel } from '../../kernels/norm-kernel.ts';
import { allKernels } from '../../kernels/pipelines.ts';
import type { Recording } from '../../kernels/recording.ts';
import type { DecoderShape, DecoderWeights, LayerWeights } from './decoder-weights.ts';
import type { OwnDevice } from './own-device.ts';

/** Buffers of a piece of a prompt, of so many rows and as many more as tiles have behind them. */
export type RowBuffers = {
  /** [rows, hidden]: embeddings before, what the last layer leaves after. */
  readonly rows: GPUBuffer;
  readonly normalised: GPUBuffer; // [rows, hidden]
  readonly packed: GPUBuffer; // [rows, (heads + 2 · keyHeads) · headSize]
  readonly attended: GPUBuffer; // [rows, heads · headSize]
  readonly gateUp: GPUBuffer; // [rows, 2 · intermediate]
  readonly gated: GPUBuffer; // [rows, intermediate]
};

/** Buffers of a step, each of one row. */
export type StepBuffers = {
  /** [hidden], as `RowBuffers.rows`. */
  readonly row: GPUBuffer;
  readonly packed: GPUBuffer;
  readonly attended: GPUBuffer;
  readonly gateUp: GPUBuffer;
  readonly logits: GPUBuffer; // float32 [vocabulary]
  /** u32: the row's position. */
  readonly state: GPUBuffer;
  readonly sums: GPUBuffer;
  readonly limits: GPUBuffer;
};

/** Kernels of a step with its logits, each of which waits for the one before: six a layer (`recordStep`) and the output layer. */
export function stepKernels(layers: number): number {
  return 6 * layers + 1;
}

type Products = Readonly<Record<'qkv' | 'output' | 'gateUp' | 'down', LinearKernel>>;

/** The kernels of a Qwen2 decoder (models/qwen2.ts) with its weights: of many rows, on matrix units where the device has them, and of one. */
export class DecoderKernels {
  readonly shape: DecoderShape;
  readonly attention: DecoderAttention;
  readonly own: OwnDevice;
  readonly #weights: DecoderWeights;
  readonly #many: Products;
  readonly #one: Products;
  readonly #norm: NormKernel;
  readonly #gate: GateKernel;
  readonly #head: LinearKernel;

  private constructor(own: OwnDevice, shape: DecoderShape, weights: DecoderWeights,
    kernels: { readonly attention: DecoderAttention; readonly many: Products; readonly one: Products; readonly norm: NormKernel; readonly gate: GateKernel; readonly head: LinearKernel }) {
    this.own = own;
    this.shape = shape;
    this.attention = kernels.attention;
    this.#weights = weights;
    this.#many = kernels.many;
    this.#one = kernels.one;
    this.#norm = kernels.norm;
    this.#gate = kernels.gate;
    this.#head = kernels.head;
  }

  /** Throws `provider-unavailable` where the device has no place for a kernel of this shape. */
  static async create(own: OwnDevice, shape: DecoderShape, weights: DecoderWeights): Promise<DecoderKernels> {
    const { graphics, element, spelling } = own;
    const { heads, keyHeads, headSize, hidden, intermediate, rmsNormEpsilon: epsilon } = shape;
    const [first] = weights.layers as readonly [LayerWeights, ...LayerWeights[]];
    const { stored } = weights;
    const normalised = { preparation: { kind: 'rms-norm', epsilon } } as const;
    const product = (name: keyof Products, more: Partial<LinearShape>, way: 'matrix' | 'rows') =>
      LinearKernel.create(graphics, { element, activation: 'none', adds: name === 'output' || name === 'down', ...first[name].shape, ...more }, way);
    const many = spelling === 'matrix' ? 'matrix' : 'rows';
    return new DecoderKernels(own, shape, weights, await allKernels({
      attention: DecoderAttention.create(graphics, { heads, keyHeads, headSize, element }, spelling),
      many: allKernels({ qkv: product('qkv', {}, many), output: product('output', {}, many), gateUp: product('gateUp', {}, many), down: product('down', {}, many) }),
      one: allKernels({
        qkv: product('qkv', normalised, 'rows'), output: product('output', {}, 'rows'),
        gateUp: product('gateUp', normalised, 'rows'), down: product('down', { preparation: { kind: 'gated' } }, 'rows'),
      }),
      norm: NormKernel.create(graphics, { kind: 'rms', channels: hidden, epsilon, element, stored }),
      gate: GateKernel.create(graphics, intermediate, element),
      head: LinearKernel.create(graphics, { element, activation: 'none', adds: false, ...weights.head.shape, ...normalised, resultElement: 'f32' }, 'rows'),
    }));
  }

  /** Bytes of the buffers of a piece of `rowCount` rows; its queries take as much as what they gather. */
  rowBytes(rowCount: number): Readonly<Record<keyof RowBuffers, number>> {
    const { hidden, heads, keyHeads, headSize, intermediate } = this.shape;
    const bytes = (numbers: number) => numbers * bytesPerElement(this.own.element);
    return {
      rows: bytes(rowCount * hidden), normalised: bytes(rowCount * hidden), packed: bytes(rowCount * (heads + 2 * keyHeads) * headSize),
      attended: bytes(this.attention.paddedRows(rowCount) * heads * headSize), gateUp: bytes(rowCount * 2 * intermediate), gated: bytes(rowCount * intermediate),
    };
  }

  /** Bytes of the buffers of a step with a cache of `capacity` rows. */
  stepBytes(capacity: number): Readonly<Record<keyof StepBuffers, number>> {
    const { hidden, heads, keyHeads, headSize, intermediate } = this.shape;
    const bytes = (numbers: number) => numbers * bytesPerElement(this.own.element);
    return {
      row: bytes(hidden), packed: bytes((heads + 2 * keyHeads) * headSize), attended: bytes(heads * headSize), gateUp: bytes(2 * intermediate),
      logits: 4 * this.#weights.head.shape.outputs, state: 4, ...this.attention.stepBytes(capacity),
    };
  }

  /** All layers over the rows in `buffers.rows`, the first of them at `position`; each layer leaves its rotated queries in `queries(layer)`. */
  recordRows(recording: Recording, buffers: RowBuffers, queries: (layer: number) => GPUBuffer, cache: readonly LayerCache[], position: number, rowCount: number): void {
    const { rows, normalised, packed, attended, gateUp, gated } = buffers;
    for (const [layer, weights] of this.#weights.layers.entries()) {
      const [own, asked] = [cache[layer] as LayerCache, queries(layer)];
      this.#norm.record(recording, { input: rows, scale: weights.inputNorm, result: normalised, rows: rowCount });
      this.#many.qkv.record(recording, { input: normalised, weights: weights.qkv.weights, result: packed, rows: rowCount });
      this.attention.recordRotation(recording, { rows: packed, table: this.#weights.rotation, queries: asked, cache: own, position, rowCount });
      this.attention.recordRows(recording, { queries: asked, cache: own, attended, position, rowCount });
      this.#many.output.record(recording, { input: attended, weights: weights.output.weights, result: rows, rows: rowCount });
      this.#norm.record(recording, { input: rows, scale: weights.innerNorm, result: normalised, rows: rowCount });
      this.#many.gateUp.record(recording, { input: normalised, weights: weights.gateUp.weights, result: gateUp, rows: rowCount });
      this.#gate.record(recording, { input: gateUp, result: gated, rows: rowCount });
      this.#many.down.record(recording, { input: gated, weights: weights.down.weights, result: rows, rows: rowCount });
    }
  }

  /** All layers over the row in `buffers.row` at the position in `buffers.state`: six kernels each (`stepKernels`). */
  recordStep(recording: Recording, buffers: StepBuffers, cache: readonly LayerCache[], capacity: number): void {
    const { row, packed, attended, gateUp, state, sums, limits } = buffers;
    for (const [layer, weights] of this.#weights.layers.entries()) {
      this.#one.qkv.record(recording, { input: row, weights: { ...weights.qkv.weights, normScale: weights.inputNorm }, result: packed, rows: 1 });
      this.attention.recordStep(recording, { state, row: packed, table: this.#weights.rotation, cache: cache[layer] as LayerCache, capacity, sums, limits, attended });
      this.#one.output.record(recording, { input: attended, weights: weights.output.weights, result: row, rows: 1 });
      this.#one.gateUp.record(recording, { input: row, weights: { ...weights.gateUp.weights, normScale: weights.innerNorm }, result: gateUp, rows: 1 });
      this.#one.down.record(recording, { input: gateUp, weights: weights.down.weights, result: row, rows: 1 });
    }
  }

  /** `buffers.logits` of what the last layer left in `buffers.row`. */
  recordHead(recording: Recording, { row, logits }: StepBuffers): void {
    this.#head.record(recording, { input: row, weights: { ...this.#weights.head.weights, normScale: this.#weights.norm }, result: logits, rows: 1 });
  }
}
