import type { ModelSpec } from '../models/spec.ts';
import type { ProviderChoice } from '../runtime/providers.ts';

/** Everything that decides how a video is read and a question answered. */
export type AnswerSettings = {
  /** `demo`, the name of an installed model, or the folder of a checkpoint. */
  readonly model: string;
  readonly provider: ProviderChoice;
  readonly weights?: ModelSpec['weights'] | undefined;
  /** Bytes of the graphics device that an answer may take; as much as there is where it is absent. */
  readonly graphicsLimitBytes?: number | undefined;
  /** How the video is decoded: every frame, or only those that others refer to. */
  readonly decoding: 'exact' | 'fast';
  /** Which tokens of a retained frame stay; as the checkpoint's config says where it is absent. */
  readonly spatialForgetting?: 'uniform' | 'random' | undefined;
  /** Which text tokens MemAug sees (docs/architecture.md, "Text mask"). */
  readonly textMask: 'train' | 'all';
  /** Whether the model reads the subtitles of what it is shown. One that is a demonstration has no words for them. */
  readonly subtitles: boolean;
  /** What MemAug may look at: the full memory, only the decayed tokens, or evenly spaced frames. */
  readonly repository: 'full' | 'decayed' | { readonly uniformFrames: number };
  /** Sampling as in the generation config, or greedy; as that config says where it is absent. */
  readonly sample?: boolean | undefined;
  readonly seed: number;
  readonly maxNewTokens: number;
};

/** Settings that were changed and mean nothing to a model without MemAug, which forgets nothing and augments nothing. */
export type IdleSetting = 'spatialForgetting' | 'textMask' | 'repository';

export function idleSettings(settings: AnswerSettings, { memaugDepth }: Pick<ModelSpec, 'memaugDepth'>): readonly IdleSetting[] {
  if (memaugDepth > 0) return [];
  const changed: IdleSetting[] = [];
  if (settings.spatialForgetting !== undefined) changed.push('spatialForgetting');
  if (settings.textMask !== defaultAnswerSettings.textMask) changed.push('textMask');
  if (settings.repository === 'decayed') changed.push('repository');
  return changed;
}

export const defaultAnswerSettings: AnswerSettings = {
  model: 'demo', provider: 'auto', decoding: 'exact', textMask: 'train', subtitles: false, repository: 'full', seed: 0, maxNewTokens: 256,
};
