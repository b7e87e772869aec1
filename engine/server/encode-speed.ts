import { z } from 'zod';
import type { Library } from '../library/index.ts';
import type { ModelSpec } from '../models/spec.ts';

/** Fewer frames measure the start of ffmpeg and of the model, not the encode. */
const measurableFrames = 64;

const key = (spec: Pick<ModelSpec, 'encoderFingerprint'>): string => `encode-speed ${spec.encoderFingerprint}`;
const speedSchema = z.object({ framesPerSecond: z.number().positive(), provider: z.string() });

/** Remembers how fast this machine has encoded, for the next forecast. */
export function noteEncodeSpeed(library: Library, spec: ModelSpec, provider: string | undefined, frames: number, milliseconds: number): void {
  if (frames < measurableFrames || milliseconds <= 0) return;
  library.settings.set(key(spec), { framesPerSecond: (frames * 1000) / milliseconds, provider: provider ?? 'unknown' });
}

export function readEncodeSpeed(library: Library, spec: ModelSpec): z.infer<typeof speedSchema> | undefined {
  return library.settings.get(key(spec), speedSchema);
}
