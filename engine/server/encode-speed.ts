import { z } from 'zod';
import type { Library } from '../library/index.ts';
import type { ModelSpec } from '../models/spec.ts';
import { forecastSpeed } from '../runtime/speed.ts';
import { readMachineSpeed } from './machine-speed.ts';
import { readSettings } from './settings.ts';

/** Fewer frames measure the start of ffmpeg and of the model, not the encode. */
const measurableFrames = 64;

const key = (spec: Pick<ModelSpec, 'encoderFingerprint'>): string => `encode-speed ${spec.encoderFingerprint}`;
const speedSchema = z.object({ framesPerSecond: z.number().positive(), provider: z.string() });

/** Remembers how fast this machine has encoded, for the next forecast. */
export function noteEncodeSpeed(library: Library, spec: ModelSpec, provider: string | undefined, frames: number, milliseconds: number): void {
  if (frames < measurableFrames || milliseconds <= 0) return;
  library.settings.set(key(spec), { framesPerSecond: (frames * 1000) / milliseconds, provider: provider ?? 'unknown' });
}

/** About how fast ffmpeg reads a film of 1080p on two cores. A tower that is faster waits for it, and nobody has measured that. */
const readFramesPerSecond = 20;

/**
 * How fast this machine encodes: as it last did with this model, or, before the first time, what its measured speed makes
 * of the model's tower. Undefined where neither is known, or the tower is not what an encode waits for.
 */
export function readEncodeSpeed(library: Library, spec: ModelSpec): z.infer<typeof speedSchema> | undefined {
  const noted = library.settings.get(key(spec), speedSchema);
  if (noted !== undefined) return noted;
  const machine = readMachineSpeed(library, readSettings(library).provider);
  if (machine === undefined) return undefined;
  const framesPerSecond = 60 / forecastSpeed(spec, spec.weights, machine).encodeSecondsPerMinute;
  return framesPerSecond > readFramesPerSecond ? undefined : { framesPerSecond, provider: machine.provider };
}
