import { patchSide } from './siglip.ts';
import type { ModelShape } from './spec.ts';

/**
 * NOTE padded widths. Matrix units multiply 16 × 16 numbers, and a linear layer takes its inputs 32 at a time; what SigLIP has
 * is no such number. On our own device heads, the patches' pixels and the wide layer are filled up with zeros, which weights
 * get when they are loaded: zeros add nothing to a product, and a head's scores are still divided by the root of its own size.
 */
export type TowerWidths = {
  readonly patches: number;
  /** Pixels of a patch, 14 · 14 · 3 of 588, as 608. */
  readonly patchInputs: number;
  /** 72 as 80. */
  readonly headSize: number;
  /** Of all heads side by side. */
  readonly attended: number;
  /** 4304 as 4320. */
  readonly intermediate: number;
};

const [side, step] = [16, 32];
const upTo = (multiple: number, value: number): number => Math.ceil(value / multiple) * multiple;

export function towerWidths(vision: ModelShape['vision']): TowerWidths {
  const headSize = upTo(side, vision.channels / vision.heads);
  return {
    patches: patchSide(vision) ** 2, patchInputs: upTo(step, 3 * vision.patchSize ** 2),
    headSize, attended: vision.heads * headSize, intermediate: upTo(step, vision.intermediate),
  };
}
