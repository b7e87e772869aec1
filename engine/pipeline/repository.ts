import type { RetainedTokens, TokenSelection } from '../protocol/features.ts';
import { forget, frameRange, linspaceIndices, shownFrames, wholeMemory, type SpatialForgetting } from '../memory/forgetting.ts';
import type { ModelSpec } from '../models/spec.ts';
import type { AnswerSettings } from './settings.ts';

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
 */
export function chooseRepository(frameCount: number, spec: ModelSpec, settings: AnswerSettings, seed: number): Repository {
  const shown = shownFrames(frameRange(0, frameCount));
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

function spatialForgetting(kind: 'uniform' | 'random', seed: number): SpatialForgetting {
  return kind === 'uniform' ? { kind } : { kind, seed };
}

/** The seed of random forgetting: it belongs to the video, so that the same question gets the same answer everywhere. */
export function forgettingSeed(videoFingerprint: string): number {
  let hash = 0x811c9dc5; // FNV-1a
  for (const byte of Buffer.from(videoFingerprint)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
