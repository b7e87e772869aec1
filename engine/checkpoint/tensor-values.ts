import { LongtakeError } from '../protocol/errors.ts';
import type { TensorType } from './safetensors.ts';

/**
 * Stored bytes as float32 numbers. float32 bytes are viewed in place, float16 and bfloat16 are widened exactly.
 * `bytes` must start at the beginning of its buffer (alignment). Throws `checkpoint-unsupported` for integer types.
 */
export function toFloat32(name: string, type: TensorType, bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  switch (type) {
    case 'F32':
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    case 'F16':
      return new Float32Array(new Float16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2));
    case 'BF16':
      return widenBfloat16(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2));
    case 'F64': case 'I64': case 'U64': case 'I32': case 'U32': case 'I16': case 'U16': case 'I8': case 'U8': case 'BOOL':
      throw new LongtakeError('checkpoint-unsupported',
        `Tensor "${name}" is stored as ${type}; weights must be F32, F16 or BF16.`, { tensor: name, type });
  }
}

/** What no finite float16 is. */
export const notAFloat16 = 0xffff;
const largestFloat16 = 65_504;

/**
 * Stored bytes as the bits of float16, rounded to the nearest; 16-bit types are changed in place. Throws
 * `checkpoint-invalid` for NaN, infinity and what float16 cannot hold.
 */
export function toFloat16Bits(name: string, type: TensorType, bytes: Uint8Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  if (type !== 'BF16' && type !== 'F16') {
    const values = toFloat32(name, type, bytes);
    requireFloat16(name, values);
    return new Uint16Array(new Float16Array(values).buffer);
  }
  const table = float16Table(type);
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  for (let index = 0; index < halves.length; index += 1) {
    const bits = table[halves[index] as number] as number;
    if (bits === notAFloat16) throw unusable(name, toFloat32(name, type, bytes.slice(2 * index, 2 * index + 2))[0] as number, index);
    halves[index] = bits;
  }
  return halves;
}

const float16Tables = new Map<'BF16' | 'F16', Uint16Array>();

/** The float16 of each of the 65,536 patterns of a 16-bit type; `notAFloat16` where it has none. */
export function float16Table(type: 'BF16' | 'F16'): Uint16Array {
  const known = float16Tables.get(type);
  if (known !== undefined) return known;
  const patterns = Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern);
  const values = toFloat32('table', type, new Uint8Array(patterns.buffer));
  const table = new Uint16Array(new Float16Array(values).buffer);
  values.forEach((value, pattern) => { if (!(Math.abs(value) <= largestFloat16)) table[pattern] = notAFloat16; });
  float16Tables.set(type, table);
  return table;
}

/** Throws `checkpoint-invalid` where a value is not finite or too large for float16. */
export function requireFloat16(name: string, values: Float32Array): void {
  const index = values.findIndex((value) => !(Math.abs(value) <= largestFloat16));
  if (index >= 0) throw unusable(name, values[index] as number, index);
}

function unusable(name: string, value: number, index: number): LongtakeError {
  return Number.isFinite(value)
    ? new LongtakeError('checkpoint-invalid', `Tensor "${name}" holds ${String(value)}, which float16 cannot: prepare this model with float32 weights.`, { tensor: name, index })
    : new LongtakeError('checkpoint-invalid', `Tensor "${name}" holds ${String(value)} at element ${String(index)}; weights must be finite numbers.`, { tensor: name, index });
}

/** bfloat16 is the upper half of a float32. Written into `bits`, of the same length, where it is given. */
export function widenBfloat16(halves: Uint16Array, bits = new Uint32Array(halves.length)): Float32Array<ArrayBuffer> {
  for (let index = 0; index < halves.length; index += 1) bits[index] = (halves[index] as number) << 16;
  return new Float32Array(bits.buffer, 0, bits.length);
}

/** Throws `checkpoint-invalid` where a weight is NaN or infinite: training diverged or the file is damaged. */
export function requireFinite(name: string, values: Float32Array): void {
  if (areFinite(values)) return;
  const index = values.findIndex((value) => !Number.isFinite(value));
  throw unusable(name, values[index] as number, index);
}

export function areFinite(values: Float32Array): boolean {
  // A sum is NaN or infinite where any term is; finite terms overflow only beyond 1e38, and then the slow scan clears them.
  // Four sums, because one addition would wait for the one before it.
  const length = values.length & ~3;
  let [one, two, three, four] = [0, 0, 0, 0];
  for (let index = 0; index < length; index += 4) {
    one += values[index] as number;
    two += values[index + 1] as number;
    three += values[index + 2] as number;
    four += values[index + 3] as number;
  }
  for (let index = length; index < values.length; index += 1) one += values[index] as number;
  return Number.isFinite(one + two + three + four) || values.every((value) => Number.isFinite(value));
}
