import type { PromptVideo } from '../chat/prompt.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { RetainedTokens } from '../protocol/features.ts';

type ShownVideo = { readonly durationSeconds: number; readonly frameCount: number; readonly secondsOf: (frame: number) => number };

/** What a prompt says of the video: Hour-LLaVA is told of its memory, LLaVA-Video of the frames that it reads, or nothing. */
export function promptVideo({ uniform }: Pick<ModelSpec, 'uniform'>, { durationSeconds, frameCount, secondsOf }: ShownVideo, { frames }: RetainedTokens): PromptVideo {
  if (uniform === undefined) return { durationSeconds, frameCount };
  return { durationSeconds, frameCount: frames.length, frameTimes: uniform.timeInstruction ? Array.from(frames, secondsOf) : 'untold', endsItsLine: uniform.downsampled !== undefined };
}
