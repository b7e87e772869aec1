import { Tensor } from 'onnxruntime-node';
import type { AttentionSpelling } from '../kernels/attention-tiles.ts';
import { visionOperations } from '../models/costs.ts';
import { packageFiles, visionNames } from '../models/graph-names.ts';
import { framesPerDeviceRun } from '../models/needs.ts';
import { patchSide } from '../models/siglip.ts';
import { featureChannels } from '../models/spec.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { requireFiniteResult } from './finite.ts';
import { output, placeOf, plainScores } from './session.ts';
import type { Device, GraphSession } from './session.ts';
import { numbersOf, toFloat32 } from './tensors.ts';

/** Work of one native run on the CPU: a fraction of a second of a slow one. An accelerator gets as much as keeps it busy. */
const operationsPerRun = { host: 16e9, device: 12e12 } as const;
const mostFrames = { host: 32, device: framesPerDeviceRun } as const;

/** What golden tests compare: the tower's output before and after pooling, not rounded to float16. */
export type VisionValues = {
  readonly patches: Float32Array; // [frameCount, patches, channels]
  readonly features: Float32Array; // [frameCount, tokensPerFrame, featureChannels]
};

/** The tower and its pooling: ONNX Runtime's graph, or our own kernels. */
export type FrameEncoder = {
  readonly by: 'onnxruntime' | AttentionSpelling;
  /**
   * Frames u8 [frameCount, imageSize, imageSize, 3] to pooled features, float16 bits [frameCount, tokensPerFrame, featureChannels].
   * Throws `cancelled` between runs, `device-failed`, `out-of-memory`.
   */
  readonly encode: (frames: Uint8Array, frameCount: number, signal?: AbortSignal) => Promise<Uint16Array<ArrayBuffer>>;
  /** The same of a few frames, before rounding. */
  readonly inspect: (frames: Uint8Array, frameCount: number) => Promise<VisionValues>;
};

/** Throws `bad-argument` where the sizes do not fit. */
export function requireFrames({ vision: { imageSize } }: ModelSpec, frames: Uint8Array, frameCount: number): void {
  const byteLength = frameCount * imageSize * imageSize * 3;
  if (frames.length === byteLength) return;
  throw new LongtakeError('bad-argument',
    `${String(frameCount)} frames of ${String(imageSize)} × ${String(imageSize)} take ${String(byteLength)} bytes; ${String(frames.length)} were given.`);
}

export function graphEncoder(vision: GraphSession, spec: ModelSpec, device: Device): FrameEncoder {
  return {
    by: 'onnxruntime',
    encode: (frames, frameCount, signal) => encodeFrames(vision, spec, device, frames, frameCount, signal),
    inspect: (frames, frameCount) => inspectFrames(vision, spec, frames, frameCount),
  };
}

async function encodeFrames(
  vision: GraphSession, spec: ModelSpec, device: Device, frames: Uint8Array, frameCount: number, signal?: AbortSignal,
): Promise<Uint16Array<ArrayBuffer>> {
  const { imageSize } = spec.vision;
  const frameBytes = imageSize * imageSize * 3;
  const frameLength = spec.tokensPerFrame * featureChannels(spec);
  const features = new Float16Array(frameCount * frameLength);
  const place = placeOf(device);
  const affordable = Math.floor(operationsPerRun[place] / visionOperations(spec));
  const scores = spec.vision.heads * patchSide(spec.vision) ** 4;
  const fitting = device.attention === 'plain' ? Math.floor(plainScores / scores) : Infinity;
  const step = Math.max(1, Math.min(mostFrames[place], affordable, fitting));
  for (let start = 0; start < frameCount; start += step) {
    throwIfCancelled(signal);
    const end = Math.min(frameCount, start + step);
    const input = new Tensor('uint8', frames.subarray(start * frameBytes, end * frameBytes), [end - start, imageSize, imageSize, 3]);
    const results = await vision.run({ [visionNames.frames]: input }, [visionNames.features]);
    features.set(numbersOf(output(results, visionNames.features)), start * frameLength);
    requireFiniteResult(features.subarray(start * frameLength, end * frameLength), device.provider, packageFiles.vision);
  }
  return new Uint16Array(features.buffer);
}

/** In one run. */
async function inspectFrames(vision: GraphSession, spec: ModelSpec, frames: Uint8Array, frameCount: number): Promise<VisionValues> {
  const { imageSize } = spec.vision;
  const input = new Tensor('uint8', frames, [frameCount, imageSize, imageSize, 3]);
  const results = await vision.run({ [visionNames.frames]: input }, [visionNames.features, visionNames.patches]);
  return {
    patches: toFloat32(numbersOf(output(results, visionNames.patches))),
    features: toFloat32(numbersOf(output(results, visionNames.features))),
  };
}
