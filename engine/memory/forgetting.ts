import { LongtakeError } from '../protocol/errors.ts';
import type { RetainedTokens, TokenSelection } from '../protocol/features.ts';

/**
 * Forgetting (arXiv 2506.05332, section 3.1; `hour_llava_arch.py` of jylins/hourllava): which frames and tokens of a
 * memory the decoder gets to read. Pure functions; the numbers are the released ones.
 */

const minimumFrames = 128;
const maximumRetainedFrames = 512;
const temporalRatio = 4;
const spatialRatio = 0.25;

export type SpatialForgetting =
  /** Every second row and column of the grid. */
  | { readonly kind: 'uniform' }
  /** A random quarter of each frame's tokens, what the released models were trained with; `seed` belongs to a memory. */
  | { readonly kind: 'random'; readonly seed: number };

/** `numpy.linspace(0, last, count, dtype=int)`: floors, and the last entry is exact. */
export function linspaceIndices(last: number, count: number): Int32Array {
  if (count === 1) return new Int32Array(1);
  const step = last / (count - 1);
  const indices = Int32Array.from({ length: count }, (_, index) => Math.floor(index * step));
  indices[count - 1] = last;
  return indices;
}

/** `numpy.round(numpy.linspace(0, last, count))`: to the nearest, a half to the even one. */
export function roundedLinspace(last: number, count: number): Int32Array {
  if (count === 1) return new Int32Array(1);
  return Int32Array.from({ length: count }, (_, index) => {
    const place = index * (last / (count - 1));
    const below = Math.floor(place);
    return place - below === 0.5 ? below + below % 2 : Math.round(place);
  });
}

/**
 * The frames that the model is shown for `frames` of a memory: themselves, or, where there are fewer than 128, repeats
 * of them up to 128, evenly. Throws `no-frames` for an empty list.
 */
export function shownFrames(frames: Int32Array): Int32Array {
  if (frames.length === 0) throw new LongtakeError('no-frames', 'There are no frames to answer from.');
  if (frames.length >= minimumFrames) return frames;
  return linspaceIndices(frames.length - 1, minimumFrames).map((index) => frames[index] as number);
}

/** Frames `from` to `to` (exclusive) of a memory, as a list. */
export function frameRange(from: number, to: number): Int32Array {
  return Int32Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

/** All tokens and the newline of each shown frame: what the cross-attention sees. */
export function wholeMemory(shown: Int32Array, tokensPerFrame: number): TokenSelection {
  const tokensPerSlot = tokensPerFrame + 1;
  return {
    frames: shown,
    places: frameRange(0, shown.length),
    tokens: Uint16Array.from({ length: shown.length * tokensPerSlot }, (_, index) => index % tokensPerSlot),
    tokensPerSlot,
    placeCount: shown.length,
  };
}

/**
 * The decayed copy: a quarter of the frames, evenly, at most 512, and of each a quarter of its tokens and its newline.
 * `gridSize` is the side of the pooled grid (8 in the released models).
 */
export function forget(shown: Int32Array, gridSize: number, spatial: SpatialForgetting): RetainedTokens {
  const count = Math.max(1, Math.min(maximumRetainedFrames, Math.floor(shown.length / temporalRatio)));
  const places = linspaceIndices(shown.length - 1, count);
  const keep = spatialChoice(gridSize, spatial);
  const kept = Array.from(places, (place) => [...keep(place), gridSize ** 2]);
  return {
    frames: places.map((place) => shown[place] as number),
    places,
    tokens: Uint16Array.from(kept.flat()),
    tokensPerSlot: (kept[0] ?? []).length,
    placeCount: shown.length,
  };
}

function spatialChoice(gridSize: number, spatial: SpatialForgetting): (place: number) => Iterable<number> {
  switch (spatial.kind) {
    case 'uniform': {
      const tokens = uniformTokens(gridSize);
      return () => tokens;
    }
    case 'random':
      return (place) => randomTokens(gridSize, spatial.seed, place);
  }
}

/** Tokens in even rows and even columns, `[::2, ::2]`. */
export function uniformTokens(gridSize: number): number[] {
  const side = Math.ceil(gridSize / 2);
  return Array.from({ length: side * side }, (_, index) => 2 * Math.floor(index / side) * gridSize + 2 * (index % side));
}

/**
 * ceil(grid² / 4) tokens: those with the smallest random numbers, ascending, as the reference draws them. Its numbers
 * come from PyTorch's global generator and differ from run to run; here they follow from (seed, place) alone, so that
 * the same question gets the same answer and a growing memory does not change what is already there.
 */
export function randomTokens(gridSize: number, seed: number, place: number): number[] {
  const next = splitmix32(seed, place);
  const drawn = Array.from({ length: gridSize ** 2 }, (_, token) => ({ token, key: next() }));
  drawn.sort((left, right) => left.key - right.key || left.token - right.token);
  return drawn.slice(0, Math.ceil(gridSize ** 2 * spatialRatio)).map(({ token }) => token).sort((left, right) => left - right);
}

/**
 * Splitmix32: a counter stepped by the odd constant 0x9e3779b9 and mixed by Murmur3's finaliser; uniform uint32.
 * The stream starts at a mix of seed and place, so that neighbouring places are unrelated.
 */
function splitmix32(seed: number, place: number): () => number {
  let state = (mix(seed) ^ mix(place ^ 0x5bf03635)) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state);
  };
}

function mix(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
