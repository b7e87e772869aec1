import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';

/** The dtypes that a memory holds, by bytes an element. */
const elementBytes = { F64: 8, U32: 4, F16: 2, U8: 1 } as const;
export type Dtype = keyof typeof elementBytes;

export type Tensor = { readonly name: string; readonly dtype: Dtype; readonly shape: readonly number[]; readonly bytes: Uint8Array };
/** `start` and `end` count bytes from the start of the file. */
export type TensorPlace = { readonly dtype: Dtype; readonly shape: readonly number[]; readonly start: number; readonly end: number };

/**
 * The parts of a safetensors file (little-endian u64 header length, JSON header, data), byte for byte determined by
 * their input: members in the order given, no metadata, header padded with spaces to a multiple of 8 bytes.
 * Give tensors by falling element size and every one stays aligned to its element.
 */
export function encodeSafetensors(tensors: readonly Tensor[]): Uint8Array[] {
  let offset = 0;
  const header: Record<string, unknown> = {};
  for (const { name, dtype, shape, bytes } of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] };
    offset += bytes.byteLength;
  }
  const json = JSON.stringify(header);
  const padded = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8, ' '), 'latin1');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.byteLength));
  return [length, padded, ...tensors.map(({ bytes }) => bytes)];
}

const tensorSchema = z.object({
  dtype: z.enum(['F64', 'U32', 'F16', 'U8']),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z.record(z.string(), z.unknown());

/** Reads `head`, the first bytes of a file of `byteLength`, far enough to hold its header. */
export function readHeader(head: Uint8Array, byteLength: number, file: string): (name: string, dtype: Dtype) => TensorPlace {
  const view = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const dataStart = view.byteLength >= 8 ? 8 + Number(view.readBigUInt64LE(0)) : 0;
  if (dataStart < 8 || dataStart > view.byteLength) throw misshapen(file, 'its header is cut off');
  const header = headerSchema.safeParse(parseJson(view.toString('utf8', 8, dataStart)));
  if (!header.success) throw misshapen(file, 'its header is not a JSON object');
  return (name, dtype) => {
    const tensor = tensorSchema.safeParse(header.data[name]);
    if (!tensor.success) throw misshapen(file, `tensor "${name}" is missing`);
    const { shape, data_offsets: [start, end] } = tensor.data;
    const size = shape.reduce((product, length) => product * length, elementBytes[dtype]);
    if (tensor.data.dtype !== dtype || end - start !== size || dataStart + end > byteLength) {
      throw misshapen(file, `tensor "${name}" is ${JSON.stringify(header.data[name])}, which is not ${dtype} or does not fit`);
    }
    return { dtype, shape, start: dataStart + start, end: dataStart + end };
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function misshapen(file: string, problem: string): LongtakeError {
  return new LongtakeError('memory-invalid',
    `${file} is not the chunk that its memory needs: ${problem}. Restore it from a copy, or encode the video again.`, { file });
}
