import { elementsPerVector } from './elements.ts';
import type { Element } from './elements.ts';

/** Who multiplies: the device's matrix units, or every invocation by itself (any WebGPU device; slow). */
export type AttentionSpelling = 'matrix' | 'plain';

/** Side of the matrices that a subgroup multiplies. */
export const matrixSide = 16;

/** How the work is cut; see `attentionShader`. */
export type AttentionTiles = {
  /** Subgroups of a workgroup. They share a tile of keys and values. */
  readonly subgroups: number;
  /** Invocations of a subgroup; that of the device where its matrix units are used. */
  readonly subgroupSize: number;
  /** Query rows of one subgroup, a multiple of `matrixSide`. */
  readonly rowsPerSubgroup: number;
  /** Keys that are looked at together, a multiple of `matrixSide`. */
  readonly keys: number;
  /** Keys and values go through workgroup memory; otherwise each subgroup reads them from their buffers. */
  readonly staged: boolean;
  /** The next tile is fetched while this one is worked on; only where they are staged. */
  readonly ahead: boolean;
  /** Queries stay in registers; otherwise they are read again for every tile of keys. */
  readonly queriesStay: boolean;
};

export type AttentionShape = {
  readonly headSize: number;
  readonly keyHeads: number;
  readonly element: Element;
  readonly spelling: AttentionSpelling;
  readonly tiles: AttentionTiles;
  /** NOTE causal rows (attention-shader.ts); without it every row sees all keys. `members`: query heads of a key head. */
  readonly causal?: { readonly members: number };
  /** NOTE sequences (attention-shader.ts): rows of each; without it there is one, of any length. */
  readonly sequences?: { readonly rows: number };
};

/** Where rows lie in their buffers, in vec4<u32>: from one to the next of queries, keys and values, and where keys and values begin in one. */
export function rowPlaces({ headSize, keyHeads, element, sequences }: AttentionShape): { readonly stride: number; readonly key: number; readonly value: number; readonly attended: number } {
  const width = keyHeads * headSize / elementsPerVector(element);
  return sequences === undefined ? { stride: width, key: 0, value: 0, attended: width } : { stride: 3 * width, key: width, value: 2 * width, attended: width };
}

/** Channels of each part in which sums go through the memory of scores, which has room for as many as a tile has keys. */
export function spilledChannels({ headSize, tiles }: AttentionShape): number[] {
  return Array.from({ length: Math.ceil(headSize / tiles.keys) }, (_, part) => Math.min(tiles.keys, headSize - part * tiles.keys));
}

export function tileRows({ subgroups, rowsPerSubgroup }: AttentionTiles): number {
  return subgroups * rowsPerSubgroup;
}

export function threads({ subgroups, subgroupSize }: AttentionTiles): number {
  return subgroups * subgroupSize;
}

/** Bytes of workgroup memory that a kernel takes. */
export function workgroupBytes({ headSize, element, spelling, tiles }: AttentionShape): number {
  const rows = tileRows(tiles);
  const strides = attentionStrides(headSize, element, tiles);
  const staged = tiles.staged ? 2 * tiles.keys * strides.staged : 0;
  const sums = spelling === 'plain' ? rows * headSize * 4 : 0;
  return 16 * (staged + rows * (strides.scores + strides.weights)) + sums + 4;
}

/**
 * Vectors from one row to the next in workgroup memory. One more than the row needs, an odd number of 16 bytes: rows that
 * are read side by side begin in different banks.
 */
export function attentionStrides(headSize: number, element: Element, { keys }: AttentionTiles): { staged: number; scores: number; weights: number } {
  const perVector = elementsPerVector(element);
  return { staged: headSize / perVector + 1, scores: keys / 4 + 1, weights: keys / perVector + 1 };
}

/** The way of cutting that was fastest where it was measured (tests/bench/gpu/attention.ts), for heads that it fits. */
export function chooseTiles(headSize: number, spelling: AttentionSpelling, subgroupSize: number): AttentionTiles {
  return spelling === 'matrix'
    ? { subgroups: 8, subgroupSize, rowsPerSubgroup: 16, keys: 32, staged: true, ahead: true, queriesStay: true }
    : { subgroups: 2, subgroupSize: 32, rowsPerSubgroup: 16, keys: Math.min(16, headSize), staged: true, ahead: false, queriesStay: false };
}
