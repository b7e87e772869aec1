import { createStorage, writeBytes, writeNumbers } from '../../kernels/device-buffers.ts';
import type { DeviceNumbers } from '../../kernels/elements.ts';
import type { GraphicsDevice } from '../../kernels/graphics-device.ts';
import { blocksOf, isQuantised, weightBytes } from '../../kernels/linear-shape.ts';
import type { WeightLayout } from '../../kernels/linear-shape.ts';
import type { WeightFormat } from '../../models/weight-store.ts';
import { createRotation } from './decoder-weights.ts';
import type { DecoderShape, DecoderWeights, LayerWeights } from './decoder-weights.ts';
import type { HeldLinear } from './device-weights.ts';

/** Numbers that repeat in a weight: they are made and handed over many times faster than as many different ones. */
const patternLength = 1 << 20;

/**
 * Weights of a decoder that says nothing, as a package of that format has them: what the kernels compute with them can be compared
 * with itself and timed, and nothing has to be there for it. The same on every call. Throws `out-of-memory`.
 */
export async function randomDecoder(graphics: GraphicsDevice, shape: DecoderShape, format: Exclude<WeightFormat, 'float32'>): Promise<DecoderWeights> {
  const { hidden, intermediate, heads, keyHeads, headSize, vocabulary } = shape;
  const uniform = generator();
  const halves = (length: number, middle: number, reach: number) => Float16Array.from({ length: Math.min(length, patternLength) }, () => middle + reach * uniform());
  const buffer = async (byteLength: number, pattern: DeviceNumbers | Uint8Array<ArrayBuffer>) => {
    const made = await createStorage(graphics, byteLength, 'weights');
    for (let start = 0; start < byteLength; start += pattern.byteLength) {
      const part = pattern.subarray(0, Math.min(pattern.length, (byteLength - start) / pattern.BYTES_PER_ELEMENT));
      if (part instanceof Uint8Array) writeBytes(graphics, made, start, part);
      else writeNumbers(graphics, made, start, part);
    }
    return made;
  };
  const tensor = async (length: number, middle: number, reach: number) => await buffer(2 * length, halves(length, middle, reach));
  const linear = async (inputs: number, outputs: number, weight: Exclude<WeightLayout, 'f32'>, biased = false): Promise<HeldLinear> => {
    const reach = Math.sqrt(3 / inputs); // a product keeps the size of its row
    const bytes = weightBytes({ inputs, outputs, weight });
    const bias = biased ? await tensor(outputs, 0, 0.1) : undefined;
    const held = { inputs, outputs, weight, stored: 'f16', biased } as const;
    if (!isQuantised(weight)) return { weights: { weight: await buffer(bytes, halves(bytes / 2, 0, reach)), bias }, shape: held };
    const codes = Uint8Array.from({ length: Math.min(bytes, patternLength) }, () => 128 + 128 * uniform());
    const scale = reach / (weight === 'int8' ? 128 : 8);
    return { weights: { weight: await buffer(bytes, codes), scales: await tensor(outputs * blocksOf(inputs), scale, 0.1 * scale), bias }, shape: held };
  };
  const layout = format === 'float16' ? 'f16' : format;
  const layers: LayerWeights[] = [];
  for (let layer = 0; layer < shape.layers; layer += 1) {
    layers.push({
      inputNorm: await tensor(hidden, 1, 0.1), qkv: await linear(hidden, (heads + 2 * keyHeads) * headSize, layout, true), output: await linear(heads * headSize, hidden, layout),
      innerNorm: await tensor(hidden, 1, 0.1), gateUp: await linear(hidden, 2 * intermediate, layout), down: await linear(intermediate, hidden, layout),
    });
  }
  return { layers, norm: await tensor(hidden, 1, 0.1), head: await linear(hidden, vocabulary, format === 'float16' ? 'f16' : 'int8'), rotation: await createRotation(graphics, shape), stored: 'f16' };
}

/** Numbers from −1 to 1, the same ones each time. */
export function generator(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
