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

/** bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let index = 0; index < halves.length; index += 1) bits[index] = (halves[index] as number) << 16;
  return new Float32Array(bits.buffer);
}

/** Throws `checkpoint-invalid` where a weight is NaN or infinite: training diverged or the file is damaged. */
export function requireFinite(name: string, values: Float32Array): void {
  // A sum is NaN or infinite where any term is; finite terms overflow only beyond 1e38, and then the slow scan clears them.
  let sum = 0;
  for (const value of values) sum += value;
  if (Number.isFinite(sum)) return;
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new LongtakeError('checkpoint-invalid',
    `Tensor "${name}" holds ${String(values[index])} at element ${String(index)}; weights must be finite numbers.`,
    { tensor: name, index });
}
