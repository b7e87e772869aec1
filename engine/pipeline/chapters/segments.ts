import { throwIfCancelled } from '../../protocol/errors.ts';
import type { WorkOptions } from '../../protocol/progress.ts';
import type { Memory } from '../../memory/index.ts';

/** Neighbouring frames as one: how many, the mean of what they look like, and their squared distances from it, summed. */
export type Segment = { readonly firstFrame: number; readonly frames: number; readonly mean: Float32Array; readonly scatter: number };

const framesPerRead = 32;
/** A merge takes microseconds; an event loop that waits for thousands of them stands still. */
const mergesPerTurn = 512;

/**
 * What each frame looks like: its features, averaged over its tokens and brought to length 1, so that a bright picture
 * weighs no more than a dark one. One frame a segment.
 */
export async function frameSegments(memory: Memory, { signal, onProgress }: WorkOptions = {}): Promise<Segment[]> {
  const { tokensPerFrame, channels } = memory.manifest.features;
  const segments: Segment[] = [];
  for (let from = 0; from < memory.frameCount; from += framesPerRead) {
    throwIfCancelled(signal);
    const to = Math.min(from + framesPerRead, memory.frameCount);
    const features = new Float16Array((await memory.readFeatures(from, to)).buffer); // [to - from, tokens, channels]
    for (let frame = from; frame < to; frame++) {
      const mean = new Float32Array(channels);
      const start = (frame - from) * tokensPerFrame * channels;
      for (let index = 0; index < tokensPerFrame * channels; index++) mean[index % channels] = (mean[index % channels] ?? 0) + (features[start + index] ?? 0);
      const length = Math.hypot(...mean) || 1;
      segments.push({ firstFrame: frame, frames: 1, mean: mean.map((value) => value / length), scatter: 0 });
    }
    onProgress?.({ stage: 'chapter-cuts', done: to, total: memory.frameCount });
  }
  return segments;
}

/** `most`: how many should be left. `leastFrames`: a shorter one is never left beside another. `mostFrames`: none is merged to be longer, but for one that is too short. */
export type MergeLimits = { readonly most: number; readonly leastFrames: number; readonly mostFrames: number };

/**
 * Merges neighbours that look alike, the most alike first, until few enough are left and none is too short (Ward's
 * criterion under the constraint of order: what a merge adds to the squared distances of all frames from their mean).
 * What was merged can be merged further: clips become chapters. Neighbours that differ no more than their own frames do
 * are one, however few are left: a film in which nothing changes has one chapter.
 */
export async function mergeAlike(segments: readonly Segment[], limits: MergeLimits, signal?: AbortSignal): Promise<Segment[]> {
  const left = [...segments];
  const priceAt = (index: number): number => price(left[index], left[index + 1], limits, left.length > limits.most);
  const allPrices = (): number[] => Array.from({ length: left.length - 1 }, (_, index) => priceAt(index));
  let prices = allPrices();
  for (let merges = 1; left.length > 1; merges++) {
    if (merges % mergesPerTurn === 0) {
      await new Promise(setImmediate);
      throwIfCancelled(signal);
    }
    const at = cheapest(prices);
    const [one, other] = [left[at], left[at + 1]];
    if (one === undefined || other === undefined) break;
    left.splice(at, 2, merge(one, other));
    if (left.length === limits.most) {
      prices = allPrices(); // from here on only what is too short, or the same
      continue;
    }
    prices.splice(at, 1);
    if (at > 0) prices[at - 1] = priceAt(at - 1);
    if (at < prices.length) prices[at] = priceAt(at);
  }
  return left;
}

/** -1 where nothing may be merged any more. One that is too short goes to the neighbour that it looks more like. */
function cheapest(prices: readonly number[]): number {
  let best = -1;
  let bestPrice = Number.POSITIVE_INFINITY;
  for (let index = 0; index < prices.length; index++) {
    const each = prices[index] ?? bestPrice;
    if (each < bestPrice) [best, bestPrice] = [index, each];
  }
  return best;
}

/** What a merge costs; infinite where it may not be. */
function price(one: Segment | undefined, other: Segment | undefined, { leastFrames, mostFrames }: MergeLimits, tooMany: boolean): number {
  if (one === undefined || other === undefined) return Number.POSITIVE_INFINITY;
  const frames = one.frames + other.frames;
  const cost = mergeCost(one, other);
  const isShort = Math.min(one.frames, other.frames) < leastFrames;
  return isShort || isSame(cost, (one.scatter + other.scatter) / frames) || (tooMany && frames <= mostFrames) ? cost : Number.POSITIVE_INFINITY;
}

/** Rounding of halves. */
const sameLook = 1e-6;
/** Noise alone merges at about 1 (the F statistic); the scenes of a drawn film at 26 and more. */
const leastChange = 4;

const isSame = (cost: number, meanScatter: number): boolean => cost <= sameLook + leastChange * meanScatter;

function mergeCost(one: Segment, other: Segment): number {
  let squares = 0;
  for (const [channel, value] of one.mean.entries()) squares += (value - (other.mean[channel] ?? 0)) ** 2;
  return squares * (one.frames * other.frames) / (one.frames + other.frames);
}

function merge(one: Segment, other: Segment): Segment {
  const frames = one.frames + other.frames;
  return {
    firstFrame: one.firstFrame, frames, scatter: one.scatter + other.scatter + mergeCost(one, other),
    mean: one.mean.map((value, channel) => (value * one.frames + (other.mean[channel] ?? 0) * other.frames) / frames),
  };
}
