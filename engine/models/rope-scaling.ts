import type { CheckpointConfig } from '../checkpoint/config.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { inverseFrequencies, rotaryTables } from './rotary.ts';
import type { RotaryTables } from './rotary.ts';
import type { ModelSpec, RopeScaling } from './spec.ts';

/** Reads transformers' `rope_scaling`; undefined where there is none. Throws `checkpoint-unsupported` for kinds that are not built. */
export function ropeScalingOf(config: CheckpointConfig): RopeScaling | undefined {
  const scaling = config.rope_scaling;
  if (scaling === undefined || scaling === null) return undefined;
  const kind = scaling.rope_type ?? scaling.type ?? 'default';
  if (kind === 'default') return undefined;
  if ((kind !== 'linear' && kind !== 'yarn') || scaling.factor === undefined) {
    const found = scaling.factor === undefined ? `${kind} without a factor` : kind;
    throw new LongtakeError('checkpoint-unsupported', `config.json: "rope_scaling" is "${found}"; Longtake knows "linear" and "yarn".`, { key: 'rope_scaling', found });
  }
  const { factor } = scaling;
  if (kind === 'linear') return { type: 'linear', factor };
  return {
    type: 'yarn', factor, originalLength: scaling.original_max_position_embeddings ?? config.max_position_embeddings,
    attentionFactor: scaling.attention_factor ?? (factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1),
    fastRotations: scaling.beta_fast ?? 32, slowRotations: scaling.beta_slow ?? 1,
  };
}

/** Cosines and sines of the decoder's positions (transformers' `modeling_rope_utils.py`, in its float32 steps). */
export function decoderRotary(positions: Int32Array, { headSize, ropeTheta, ropeScaling }: Pick<ModelSpec['text'], 'headSize' | 'ropeTheta' | 'ropeScaling'>): RotaryTables {
  if (ropeScaling === undefined) return rotaryTables(positions, headSize, ropeTheta);
  const { cosine, sine } = rotaryTables(positions, headSize, ropeTheta, scaledFrequencies(headSize, ropeTheta, ropeScaling));
  if (ropeScaling.type === 'linear') return { cosine, sine };
  const { attentionFactor } = ropeScaling;
  return { cosine: cosine.map((value) => value * attentionFactor), sine: sine.map((value) => value * attentionFactor) };
}

/**
 * Linear: all frequencies by the factor. YaRN (arXiv 2309.00071): those that turn often within the original length stay, those that
 * turn less than once are divided by the factor, and between them the share grows evenly.
 */
function scaledFrequencies(size: number, theta: number, scaling: RopeScaling): Float32Array {
  const plain = inverseFrequencies(size, theta);
  if (scaling.type === 'linear') return plain.map((frequency) => frequency / scaling.factor);
  const channelOf = (rotations: number): number => (size * Math.log(scaling.originalLength / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = Math.max(0, Math.floor(channelOf(scaling.fastRotations)));
  const high = Math.min(size - 1, Math.ceil(channelOf(scaling.slowRotations)));
  const width = high === low ? 0.001 : high - low;
  return plain.map((frequency, channel) => {
    const slow = Math.min(1, Math.max(0, (channel - low) / width));
    return (frequency / scaling.factor) * slow + frequency * (1 - slow);
  });
}
