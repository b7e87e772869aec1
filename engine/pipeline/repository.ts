import { LongtakeError } from '../protocol/errors.ts';
import type { RetainedTokens, TokenSelection } from '../protocol/features.ts';
import { forget, frameRange, linspaceIndices, randomTokens, roundedLinspace, shownFrames, uniformTokens, wholeMemory, type SpatialForgetting } from '../memory/forgetting.ts';
import type { ModelSpec, UniformReading } from '../models/spec.ts';
import { frameRows } from '../models/uniform-tokens.ts';
import type { AnswerSettings } from './settings.ts';

/** A part of a video, `[startSeconds, endSeconds)`. */
export type TimeRange = { readonly startSeconds: number; readonly endSeconds: number };

export type Repository = {
  /** What MemAug may look at. */
  readonly memory: TokenSelection;
  /** What the decoder reads after MemAug. */
  readonly retained: RetainedTokens;
};

/**
 * The tokens that an answer is made from. The comparisons of the papers are restrictions of the repository: `decayed`
 * leaves MemAug only what forgetting retained, `uniformFrames` gives it and the decoder all tokens of a few evenly
 * spaced frames, as LLaVA-Video reads a video. Every token keeps its own place in time.
 *
 * A model without MemAug reads evenly spaced frames, as many as it was trained with or as `uniformFrames` says, of the video or as
 * densely of the range; forgetting is no part of it.
 *
 * @param frames where given, only these frames (ascending) of the memory are there for MemAug and for the decoder.
 */
export function chooseRepository(frameCount: number, spec: ModelSpec, settings: AnswerSettings, seed: number, frames?: Int32Array): Repository {
  if (spec.uniform !== undefined) return uniformRepository(spec, spec.uniform, settings, frames ?? frameRange(0, frameCount));
  const shown = shownFrames(frameRange(0, frameCount));
  if (frames !== undefined) return restrictedRepository(shown, new Set(frames), spec, spatialForgetting(settings.spatialForgetting ?? spec.spatialSamplingType, seed));
  if (typeof settings.repository === 'object') {
    const places = linspaceIndices(shown.length - 1, Math.min(settings.repository.uniformFrames, shown.length));
    const memory = {
      ...wholeMemory(places.map((place) => shown[place] ?? 0), spec.tokensPerFrame), places, placeCount: shown.length,
    };
    return { memory, retained: memory };
  }
  const retained = forget(shown, spec.vision.poolGrid, spatialForgetting(settings.spatialForgetting ?? spec.spatialSamplingType, seed));
  return { retained, memory: settings.repository === 'decayed' ? retained : wholeMemory(shown, spec.tokensPerFrame) };
}

/**
 * `numpy.linspace` over the frames, all of each and its newlines: cut off as in LLaVA-NeXT's video loaders, or rounded as in VILA's. A short
 * video is not stretched.
 */
function uniformRepository(spec: ModelSpec, { frames: trained, newline, downsampled }: UniformReading, { repository }: AnswerSettings, frames: Int32Array): Repository {
  if (frames.length === 0) throw noFrames();
  const count = typeof repository === 'object' ? repository.uniformFrames : trained;
  const spaced = downsampled === undefined ? linspaceIndices : roundedLinspace;
  const places = spaced(frames.length - 1, Math.min(count, frames.length));
  const rows = frameRows(spec);
  const retained: RetainedTokens = {
    frames: places.map((place) => frames[place] ?? 0), places, placeCount: frames.length,
    tokens: Uint16Array.from({ length: places.length * rows.length }, (_, index) => rows[index % rows.length] ?? 0), tokensPerSlot: rows.length,
    ...(newline === 'end' && { closingNewline: true }),
  };
  return { memory: retained, retained };
}

function noFrames(): LongtakeError {
  return new LongtakeError('no-frames', 'No frame of this range is in memory. Choose a longer range, or one that is encoded already.');
}

/** The fewest frames that the decoder reads of a video: a quarter of the 128 that a short one is stretched to. */
const minimumRetainedFrames = 32;
const maximumRetainedFrames = 512;

/**
 * The whole memory of some frames, and a decayed copy of it. A short range is decayed in space only: its frames are
 * fewer than the model reads of any video.
 */
function restrictedRepository(shown: Int32Array, wanted: ReadonlySet<number>, spec: ModelSpec, spatial: SpatialForgetting): Repository {
  const { tokensPerFrame, vision: { poolGrid } } = spec;
  const inside = frameRange(0, shown.length).filter((place) => wanted.has(shown[place] ?? -1));
  if (inside.length === 0) throw noFrames();
  const count = Math.min(inside.length, Math.max(minimumRetainedFrames, Math.min(maximumRetainedFrames, Math.floor(inside.length / 4))));
  const places = linspaceIndices(inside.length - 1, count).map((index) => inside[index] ?? 0);
  const keep = (place: number): number[] => (spatial.kind === 'uniform' ? uniformTokens(poolGrid) : randomTokens(poolGrid, spatial.seed, place));
  const kept = Array.from(places, (place) => [...keep(place), tokensPerFrame]);
  const framesAt = (some: Int32Array): Int32Array => some.map((place) => shown[place] ?? 0);
  return {
    memory: { ...wholeMemory(framesAt(inside), tokensPerFrame), places: inside, placeCount: shown.length },
    retained: {
      frames: framesAt(places), places, tokens: Uint16Array.from(kept.flat()), tokensPerSlot: (kept[0] ?? []).length, placeCount: shown.length,
    },
  };
}

/** Frames of a memory whose time lies in a range; for a range between two frames the one that is shown then. */
export function framesInRange(ptsSeconds: Float64Array, { startSeconds, endSeconds }: TimeRange): Int32Array {
  const inside = frameRange(0, ptsSeconds.length).filter((frame) => (ptsSeconds[frame] ?? 0) >= startSeconds && (ptsSeconds[frame] ?? 0) < endSeconds);
  if (inside.length > 0) return inside;
  const shown = ptsSeconds.findLastIndex((pts) => pts <= startSeconds);
  return shown === -1 || startSeconds - (ptsSeconds[shown] ?? 0) > 2 ? inside : Int32Array.of(shown);
}

function spatialForgetting(kind: 'uniform' | 'random', seed: number): SpatialForgetting {
  return kind === 'uniform' ? { kind } : { kind, seed };
}

/** The seed of random forgetting: it belongs to the video, so that the same question gets the same answer everywhere. */
export function forgettingSeed(videoFingerprint: string): number {
  let hash = 0x811c9dc5; // FNV-1a
  for (const byte of Buffer.from(videoFingerprint)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
