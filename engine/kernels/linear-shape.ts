import type { Element } from './elements.ts';

/**
 * How a weight lies in its buffer. Floats as [inputs, outputs]. Codes as ONNX Runtime's MatMulNBits has them: [outputs, blocks of
 * 32 inputs, bytes], unsigned around 128 or 8, two of four bits to a byte with the earlier one in its low half, the last block
 * filled up with what means zero; and a scale for each block, [outputs, blocks].
 */
export type WeightLayout = 'f32' | 'f16' | 'int8' | 'int4';

/** GELU: 'gelu' with erf, 'gelu-tanh' its approximation (PyTorch's `gelu_pytorch_tanh`); SiLU: x · sigmoid(x). */
export type Activation = 'none' | 'gelu' | 'gelu-tanh' | 'silu';

/**
 * What is done to a row on its way into a product of rows one by one, so that it takes no kernel of its own. 'rms-norm': as `NormKernel`'s,
 * with a scale [inputs] among the weights. 'gated': the row is [2 · inputs], a gate and what it lets through, silu(gate) · up.
 */
export type Preparation = { readonly kind: 'rms-norm'; readonly epsilon: number } | { readonly kind: 'gated' };

/** result = activation(input · weightᵀ + bias), or result += the same; input [rows, inputs], result [rows, outputs]. */
export type LinearShape = {
  /** A multiple of eight, and of 32 on matrix units. */
  readonly inputs: number;
  /** A multiple of eight; weights of other widths are filled up with zeros. */
  readonly outputs: number;
  /** What input and result are kept in. */
  readonly element: Element;
  /** What the result is kept in where that is something else. */
  readonly resultElement?: Element;
  /** Only of rows one by one. */
  readonly preparation?: Preparation;
  readonly weight: WeightLayout;
  /** What scales and bias are kept in. */
  readonly stored: Element;
  readonly biased: boolean;
  readonly activation: Activation;
  /** Adds to what lies in the result already: a residual. */
  readonly adds: boolean;
};

/** Inputs of a block of codes. */
export const blockInputs = 32;

export function isQuantised(weight: WeightLayout): weight is 'int8' | 'int4' {
  return weight === 'int8' || weight === 'int4';
}

export function blocksOf(inputs: number): number {
  return Math.ceil(inputs / blockInputs);
}

/** vec4<u32> of codes of a block. */
export function vectorsPerBlock(weight: 'int8' | 'int4'): number {
  return weight === 'int8' ? 2 : 1;
}

/** Bytes of a weight's numbers or codes as the kernels read them. */
export function weightBytes({ inputs, outputs, weight }: Pick<LinearShape, 'inputs' | 'outputs' | 'weight'>): number {
  return isQuantised(weight) ? outputs * blocksOf(inputs) * vectorsPerBlock(weight) * 16 : outputs * inputs * (weight === 'f16' ? 2 : 4);
}
