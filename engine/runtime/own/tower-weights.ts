import type { Element } from '../../kernels/elements.ts';
import type { LinearWeights } from '../../kernels/linear-kernel.ts';
import { visionTensors } from '../../models/siglip.ts';
import type { ModelShape } from '../../models/spec.ts';
import { towerWidths } from '../../models/tower-widths.ts';
import type { DeviceWeights } from './device-weights.ts';

export type NormWeights = { readonly scale: GPUBuffer; readonly bias: GPUBuffer };

/** A layer of the tower on our own device; NOTE padded widths (models/tower-widths.ts). */
export type TowerLayer = {
  readonly before: NormWeights;
  /** [channels, 3 · attended]: queries, keys, values. */
  readonly qkv: LinearWeights;
  /** [attended, channels] */
  readonly output: LinearWeights;
  readonly between: NormWeights;
  /** [channels, intermediate] */
  readonly wide: LinearWeights;
  /** [intermediate, channels] */
  readonly narrow: LinearWeights;
};

export type TowerWeights = {
  /** [patchInputs, channels] */
  readonly patchEmbedding: GPUBuffer;
  /** [patches, channels] */
  readonly positions: GPUBuffer;
  readonly layers: readonly TowerLayer[];
  readonly stored: Element;
};

/** Loads what `buildVision` has stored. Throws `out-of-memory`, `model-invalid`. */
export async function loadTower(weights: DeviceWeights, vision: ModelShape['vision']): Promise<TowerWeights> {
  const { channels, heads } = vision;
  const widths = towerWidths(vision);
  const whole = (count: number) => ({ count: 1, stored: count, held: count });
  const filled = (stored: number, held: number) => ({ count: 1, stored, held });
  const byHead = { count: heads, stored: channels / heads, held: widths.headSize };
  const wide = filled(vision.intermediate, widths.intermediate);
  const norm = async (name: string) => ({ scale: await weights.tensor(`${name}.weight`), bias: await weights.tensor(`${name}.bias`) });
  const layers: TowerLayer[] = [];
  for (let layer = 0; layer < vision.layers; layer += 1) {
    const named = (name: Parameters<typeof visionTensors.product>[1]) => visionTensors.product(layer, name);
    const projections = (['q_proj', 'k_proj', 'v_proj'] as const).map(named);
    layers.push({
      before: await norm(visionTensors.norm(layer, 'layer_norm1')),
      qkv: {
        weight: await weights.filled(projections.map((name) => `${name}.weight`), { rows: whole(channels), columns: byHead }),
        bias: await weights.filled(projections.map((name) => `${name}.bias`), { rows: whole(1), columns: byHead }),
      },
      output: { weight: await weights.filled([`${named('out_proj')}.weight`], { rows: byHead, columns: whole(channels) }), bias: await weights.tensor(`${named('out_proj')}.bias`) },
      between: await norm(visionTensors.norm(layer, 'layer_norm2')),
      wide: {
        weight: await weights.filled([`${named('fc1')}.weight`], { rows: whole(channels), columns: wide }),
        bias: await weights.filled([`${named('fc1')}.bias`], { rows: whole(1), columns: wide }),
      },
      narrow: { weight: await weights.filled([`${named('fc2')}.weight`], { rows: wide, columns: whole(channels) }), bias: await weights.tensor(`${named('fc2')}.bias`) },
    });
  }
  return {
    patchEmbedding: await weights.filled([visionTensors.patchEmbedding], { rows: filled(3 * vision.patchSize ** 2, widths.patchInputs), columns: whole(channels) }),
    positions: await weights.tensor(visionTensors.positions),
    layers, stored: weights.elementOf(visionTensors.positions),
  };
}
