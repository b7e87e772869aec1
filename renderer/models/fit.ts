import type { ModelNeedsView } from '../../engine/protocol/methods-models.ts';
import type { Machine, Weights } from '../store/models-slice.ts';

/** Whether a model can be added and asked here: `graphics`: on the graphics card, though not in RAM. */
export type Fit = 'fits' | 'graphics' | 'memory' | 'disk';

/** Of a card, so much may be taken where no limit is set (docs/models.md). */
const usableShare = 0.9;

/** Bytes of a graphics card that an answer may take; undefined where nobody knows. */
export function graphicsBytes({ graphicsMemoryBytes }: Pick<Machine, 'graphicsMemoryBytes'>, limitBytes: number | null): number | undefined {
  return limitBytes ?? (graphicsMemoryBytes === null ? undefined : usableShare * graphicsMemoryBytes);
}

/** Too little room on the disk is told before too little memory: it is what adding is refused for. */
export function fitOf(needs: ModelNeedsView, machine: Pick<Machine, 'graphicsMemoryBytes'>, limitBytes: number | null): Fit {
  if (!needs.fitsDisk) return 'disk';
  if (needs.fitsMemory) return 'fits';
  const available = graphicsBytes(machine, limitBytes);
  return available !== undefined && needs.graphicsMemoryBytes <= available ? 'graphics' : 'memory';
}

/** The most precise format that leaves the machine room for other programs; the smallest where none does. As the engine recommends. */
export function suggestedWeights(needs: readonly ModelNeedsView[], { memoryBytes }: Pick<Machine, 'memoryBytes'>): Weights {
  const fitting = needs.find((each) => each.fitsDisk && each.memoryBytes <= 0.7 * memoryBytes);
  return (fitting ?? needs.at(-1))?.weights ?? 'int4';
}
