import { LongtakeError } from '../protocol/errors.ts';
import { encodeSafetensors, readHeader, type TensorPlace } from './safetensors.ts';

/** Headers of chunks are about 150 bytes; this much is read before anything is known of a file. */
export const headByteLength = 1024;

/**
 * The file of a chunk's features: `pts_seconds` F64 [frames] and `features` F16 [frames, tokens, channels].
 * The arrays must be little-endian in memory, as on every platform that Longtake runs on.
 */
export function encodeFeatures(ptsSeconds: Float64Array, features: Uint16Array, tokensPerFrame: number, channels: number): Uint8Array[] {
  return encodeSafetensors([
    { name: 'pts_seconds', dtype: 'F64', shape: [ptsSeconds.length], bytes: bytesOf(ptsSeconds) },
    { name: 'features', dtype: 'F16', shape: [ptsSeconds.length, tokensPerFrame, channels], bytes: bytesOf(features) },
  ]);
}

export function locateFeatures(
  head: Uint8Array, byteLength: number, shape: readonly [frames: number, tokens: number, channels: number], file: string,
): { readonly pts: TensorPlace; readonly features: TensorPlace } {
  const locate = readHeader(head, byteLength, file);
  const pts = locate('pts_seconds', 'F64');
  const features = locate('features', 'F16');
  if (pts.shape.join() !== String(shape[0]) || features.shape.join() !== shape.join()) {
    throw new LongtakeError('memory-invalid', `${file} holds features [${features.shape.join(', ')}] and times `
      + `[${pts.shape.join(', ')}] where its memory states [${shape.join(', ')}]. Encode the video again.`, { file });
  }
  return { pts, features };
}

/** The file of a chunk's thumbnails: `offsets` U32 [frames + 1] into `jpeg` U8 [bytes]; an empty one is a frame without. */
export function encodeThumbnails(thumbnails: readonly Uint8Array[]): Uint8Array[] {
  const offsets = new Uint32Array(thumbnails.length + 1);
  thumbnails.forEach((jpeg, index) => { offsets[index + 1] = (offsets[index] ?? 0) + jpeg.byteLength; });
  const jpeg = Buffer.concat(thumbnails);
  return encodeSafetensors([
    { name: 'offsets', dtype: 'U32', shape: [offsets.length], bytes: bytesOf(offsets) },
    { name: 'jpeg', dtype: 'U8', shape: [jpeg.byteLength], bytes: jpeg },
  ]);
}

export function decodeThumbnails(bytes: Uint8Array, frames: number, file: string): Uint8Array[] {
  const locate = readHeader(bytes, bytes.byteLength, file);
  const offsetsPlace = locate('offsets', 'U32');
  const jpeg = locate('jpeg', 'U8');
  const offsets = new Uint32Array(copyOf(bytes, offsetsPlace.start, offsetsPlace.end));
  const ascends = offsets.every((offset, index) => offset >= (offsets[index - 1] ?? 0));
  if (offsets.length !== frames + 1 || offsets[0] !== 0 || !ascends || offsets.at(-1) !== jpeg.end - jpeg.start) {
    throw new LongtakeError('memory-invalid', `${file} does not hold the thumbnails of ${frames} frames. Encode the video again.`, { file });
  }
  return Array.from({ length: frames }, (_, index) =>
    bytes.subarray(jpeg.start + (offsets[index] ?? 0), jpeg.start + (offsets[index + 1] ?? 0)));
}

export function bytesOf(array: Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A copy with a buffer of its own, aligned to any element. Not `slice`: that of a Buffer copies nothing. */
export function copyOf(bytes: Uint8Array, start: number, end: number): ArrayBuffer {
  return new Uint8Array(bytes.subarray(start, end)).buffer;
}
