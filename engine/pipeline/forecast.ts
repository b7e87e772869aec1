import { LongtakeError } from '../protocol/errors.ts';
import { describeBytes } from '../protocol/sizes.ts';
import type { VideoProbe } from '../media/index.ts';
import { featureChannels } from '../models/spec.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { Engine } from './engine.ts';
import { freeBytes } from './storage.ts';

/** About what a thumbnail takes, measured on photographs 160 pixels wide. */
const thumbnailBytes = 5000;
/** Left free on the disk whatever happens: a full system disk hurts more than a missing memory. */
export const reserveBytes = 256 * 1024 * 1024;

export type Forecast = {
  readonly frames: number | undefined;
  readonly diskBytes: number | undefined;
  readonly freeDiskBytes: number;
};

/** Frames that are still to be encoded: one a second. */
export function framesLeft(durationSeconds: number, existingFrames: number): number {
  return Math.max(0, Math.ceil(durationSeconds) - existingFrames);
}

/** What so many frames take on the disk. */
export function memoryBytes(spec: Pick<ModelSpec, 'tokensPerFrame' | 'vision' | 'text' | 'uniform'>, frames: number): number {
  return frames * (spec.tokensPerFrame * featureChannels(spec) * Uint16Array.BYTES_PER_ELEMENT + thumbnailBytes);
}

/** What a video's memory will take, before anything is done. Unknown parts are undefined: a live recording has no duration. */
export async function forecastIngest(engine: Engine, probe: VideoProbe, existingFrames = 0): Promise<Forecast> {
  const frames = probe.durationSeconds === undefined ? undefined : framesLeft(probe.durationSeconds, existingFrames);
  return {
    frames,
    diskBytes: frames === undefined ? undefined : memoryBytes(engine.model.spec, frames),
    freeDiskBytes: await freeBytes(engine.home.memoriesDirectory),
  };
}

/** Throws `disk-full` with numbers where a memory cannot fit, before an hour has been spent on it. */
export async function refuseWithoutRoom(engine: Engine, probe: VideoProbe, existingFrames: number): Promise<void> {
  const { diskBytes, freeDiskBytes } = await forecastIngest(engine, probe, existingFrames);
  if (diskBytes === undefined || diskBytes + reserveBytes <= freeDiskBytes) return;
  throw new LongtakeError('disk-full',
    `The memory of this video takes about ${describeBytes(diskBytes)}, ${describeBytes(reserveBytes)} stay free for the system, and ${engine.home.memoriesDirectory} has ${describeBytes(freeDiskBytes)} free. `
    + 'Make room, or set LONGTAKE_HOME to a folder on another disk.', { diskBytes, freeDiskBytes });
}
