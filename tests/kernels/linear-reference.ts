import { dequantizeBlocks, quantizeBlocks } from '../../engine/graph/quantization.ts';
import type { DeviceNumbers, Element } from '../../engine/kernels/elements.ts';
import { isQuantised } from '../../engine/kernels/linear-shape.ts';
import type { Activation, WeightLayout } from '../../engine/kernels/linear-shape.ts';

type HeldWeight = { readonly bytes: Uint8Array<ArrayBuffer>; readonly scales: DeviceNumbers; /** What the kernel is to multiply with, [outputs, inputs]. */ readonly meaning: Float32Array };

/** A weight [outputs, inputs] as packages keep it. */
export function heldWeight(values: Float32Array<ArrayBuffer>, outputs: number, inputs: number, layout: WeightLayout, stored: Element): HeldWeight {
  if (isQuantised(layout)) {
    const bits = layout === 'int8' ? 8 : 4;
    const matrix = quantizeBlocks(values, outputs, inputs, bits);
    const scales = stored === 'f16' ? new Float16Array(matrix.scales) : new Float32Array(matrix.scales);
    return { bytes: new Uint8Array(matrix.codes), scales, meaning: dequantizeBlocks({ ...matrix, scales: new Float32Array(scales) }, outputs, inputs, bits) };
  }
  const turned = layout === 'f16' ? new Float16Array(values.length) : new Float32Array(values.length);
  for (let output = 0; output < outputs; output += 1) for (let input = 0; input < inputs; input += 1) turned[input * outputs + output] = values[output * inputs + input] as number;
  const meaning = layout === 'f16' ? new Float32Array(new Float16Array(values)) : values;
  return { bytes: new Uint8Array(turned.buffer), scales: new Float32Array(), meaning };
}

type After = { readonly bias: DeviceNumbers | undefined; readonly activation: Activation; readonly before: DeviceNumbers | undefined };

/** A linear layer by its definition in float64, [rows, outputs]. */
export function linearOf(input: ArrayLike<number>, weight: ArrayLike<number>, rows: number, inputs: number, outputs: number, { bias, activation, before }: After): Float64Array {
  return Float64Array.from({ length: rows * outputs }, (_, place) => {
    const [row, output] = [Math.floor(place / outputs), place % outputs];
    let sum = bias?.[output] ?? 0;
    for (let channel = 0; channel < inputs; channel += 1) sum += (input[row * inputs + channel] as number) * (weight[output * inputs + channel] as number);
    return activations[activation](sum) + (before?.[place] ?? 0);
  });
}

const activations: Readonly<Record<Activation, (x: number) => number>> = {
  none: (x) => x,
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  'gelu-tanh': (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x / (1 + Math.exp(-x)),
};

/** The integral of its definition, by its series. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; n < 200; n += 1) {
    term *= -x * x / n;
    sum += term / (2 * n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * sum;
}

/** Rows normalised by definition in float64; a bias only in a layer norm. */
export function normOf(kind: 'layer' | 'rms', input: DeviceNumbers, scale: DeviceNumbers, bias: DeviceNumbers, channels: number, epsilon: number): Float64Array {
  const result = new Float64Array(input.length);
  for (let start = 0; start < input.length; start += channels) {
    const row = Float64Array.from({ length: channels }, (_, channel) => input[start + channel] as number);
    const mean = kind === 'layer' ? row.reduce((sum, value) => sum + value, 0) / channels : 0;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channels;
    row.forEach((value, channel) => {
      result[start + channel] = (value - mean) / Math.sqrt(variance + epsilon) * (scale[channel] as number) + (kind === 'layer' ? bias[channel] as number : 0);
    });
  }
  return result;
}

/** silu(gate) · up by definition in float64, of rows [2 · channels]. */
export function gatedOf(input: ArrayLike<number>, channels: number): Float64Array {
  return Float64Array.from({ length: input.length / 2 }, (_, place) => {
    const gate = input[place + Math.floor(place / channels) * channels] as number;
    return activations.silu(gate) * (input[place + (Math.floor(place / channels) + 1) * channels] as number);
  });
}
