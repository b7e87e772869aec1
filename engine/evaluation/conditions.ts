import { forgettingSeed, chooseRepository, type Repository } from '../pipeline/repository.ts';
import type { AnswerSettings } from '../pipeline/settings.ts';
import { linspaceIndices, wholeMemory } from '../memory/forgetting.ts';
import type { Memory } from '../memory/index.ts';
import { featureChannels } from '../models/spec.ts';
import type { ModelSpec } from '../models/spec.ts';
import { LongtakeError } from '../protocol/errors.ts';
import type { FeatureSource } from '../protocol/features.ts';

/** What an evaluation gives to the model, beyond what a user can set: it exists to compare. */
export type Condition = {
  readonly name: string;
  readonly settings: AnswerSettings;
  /** Share of the memory's frames that MemAug may look at, evenly spaced; the decoder's tokens stay (paper, figure 4). Default 1. */
  readonly repositoryShare?: number | undefined;
  /** The model gets the prompt and an empty video: what the questions give away by themselves. Default false. */
  readonly textOnly?: boolean | undefined;
};

/** Names that `--compare` knows, each a change of the settings that were given. */
const changes: Readonly<Record<string, (settings: AnswerSettings) => Omit<Condition, 'name'>>> = {
  memaug: (settings) => ({ settings: { ...settings, repository: 'full' } }),
  'no-memaug': (settings) => ({ settings: { ...settings, repository: 'decayed' } }),
  'uniform-64': (settings) => ({ settings: { ...settings, repository: { uniformFrames: 64 } } }),
  'repository-50': (settings) => ({ settings, repositoryShare: 0.5 }),
  'repository-25': (settings) => ({ settings, repositoryShare: 0.25 }),
  'repository-10': (settings) => ({ settings, repositoryShare: 0.1 }),
  'forgetting-uniform': (settings) => ({ settings: { ...settings, spatialForgetting: 'uniform' } }),
  'forgetting-random': (settings) => ({ settings: { ...settings, spatialForgetting: 'random' } }),
  'text-train': (settings) => ({ settings: { ...settings, textMask: 'train' } }),
  'text-all': (settings) => ({ settings: { ...settings, textMask: 'all' } }),
  'text-only': (settings) => ({ settings, textOnly: true }),
};

export const conditionNames: readonly string[] = Object.keys(changes);

/** The condition of that name. Throws `bad-argument` for a name that is none. */
export function conditionOf(name: string, settings: AnswerSettings): Condition {
  const change = changes[name];
  if (change === undefined) {
    throw new LongtakeError('bad-argument', `"${name}" is nothing to compare. Choose of: ${conditionNames.join(', ')}.`, { name });
  }
  return { name, ...change(settings) };
}

/** The tokens that a condition leaves to MemAug and to the decoder. Throws `bad-argument` for a share outside of 0 to 1. */
export function repositoryOf(memory: Memory, spec: ModelSpec, { settings, repositoryShare = 1 }: Condition): Repository {
  if (!(repositoryShare > 0 && repositoryShare <= 1)) {
    throw new LongtakeError('bad-argument', `A repository of ${String(repositoryShare)} of the memory cannot be. Give a share above 0, up to 1.`, { repositoryShare });
  }
  if (repositoryShare !== 1 && spec.memaugDepth === 0) {
    throw new LongtakeError('bad-argument', 'This model has no MemAug whose repository could be smaller. Compare frames with --uniform instead.', { repositoryShare });
  }
  const chosen = chooseRepository(memory.frameCount, spec, settings, forgettingSeed(memory.manifest.video.fingerprint));
  if (repositoryShare === 1) return chosen;
  const { frames, placeCount } = chosen.memory;
  const slots = linspaceIndices(frames.length - 1, Math.max(1, Math.round(frames.length * repositoryShare)));
  const places = slots.map((slot) => chosen.memory.places[slot] ?? 0);
  return {
    ...chosen,
    memory: { ...wholeMemory(slots.map((slot) => frames[slot] ?? 0), spec.tokensPerFrame), places, placeCount },
  };
}

/** The frames of a memory, or as many that show nothing at all. */
export function sourceOf(memory: Memory, spec: ModelSpec, { textOnly = false }: Condition): FeatureSource {
  if (!textOnly) return memory;
  const frameLength = spec.tokensPerFrame * featureChannels(spec);
  return { frameCount: memory.frameCount, readFeatures: (from, to) => Promise.resolve(new Uint16Array((to - from) * frameLength)) };
}
