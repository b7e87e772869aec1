import { Tensor } from 'onnxruntime-node';
import type { ComputeType } from '../models/weight-store.ts';
import { LongtakeError } from '../protocol/errors.ts';

/** Numbers in the type that a graph computes in. */
export type Numbers = Float32Array<ArrayBuffer> | Float16Array<ArrayBuffer>;

export function allocate(compute: ComputeType, length: number): Numbers {
  return compute === 'float32' ? new Float32Array(length) : new Float16Array(length);
}

/** float32 values in the type that a graph computes in; the same array where it already is. */
export function toCompute(compute: ComputeType, values: Float32Array<ArrayBuffer>): Numbers {
  return compute === 'float32' ? values : new Float16Array(values);
}

export function toFloat32(values: Numbers): Float32Array<ArrayBuffer> {
  return values instanceof Float32Array ? values : new Float32Array(values);
}

/** Rows of several arrays, one behind the other. */
export function joinRows(compute: ComputeType, parts: readonly Numbers[]): Numbers {
  const joined = allocate(compute, parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    joined.set(part, place);
    place += part.length;
  }
  return joined;
}

/** A tensor over existing numbers: ONNX Runtime reads them in place, without a copy. */
export function numberTensor(values: Numbers, shape: readonly number[]): Tensor {
  if (values instanceof Float32Array) return new Tensor('float32', values, [...shape]);
  const bits = new Uint16Array(values.buffer, values.byteOffset, values.length);
  return withBits(new Tensor('float16', bits, [...shape]));
}

/**
 * Gives a float16 tensor of this process its bits as data. ONNX Runtime's JavaScript lays a Float16Array over them
 * where there is that type, of which its own binding (1.30) then reads a length of zero when the tensor is fed
 * ("not enough space: expected …, got 0"); a Uint16Array it takes.
 */
export function withBits(tensor: Tensor): Tensor {
  if (tensor.type !== 'float16' || tensor.location !== 'cpu') return tensor;
  const data = tensor.data as unknown as Uint16Array | Float16Array;
  Object.defineProperty(tensor, 'data', { value: new Uint16Array(data.buffer, data.byteOffset, data.length) });
  return tensor;
}

export function int32Tensor(...values: number[]): Tensor {
  return new Tensor('int32', Int32Array.from(values), [values.length]);
}

export function int32Scalar(value: number): Tensor {
  return new Tensor('int32', Int32Array.of(value), []);
}

/** int64, which indices of ONNX operators have to be. */
export function indexTensor(values: Int32Array): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);
}

/** The numbers of a tensor in this process's memory. */
export function numbersOf(tensor: Tensor): Numbers {
  const data: unknown = tensor.data;
  if (data instanceof Float32Array || data instanceof Float16Array) return data as Numbers;
  if (data instanceof Uint16Array) return new Float16Array(data.buffer as ArrayBuffer, data.byteOffset, data.length);
  throw new LongtakeError('internal', `A graph returned ${tensor.type} where numbers were expected.`);
}
