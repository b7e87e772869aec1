export type LookedAt = {
  readonly binSeconds: number;
  /** Share of MemAug's attention that each bin of the video got; sums to 1. */
  readonly share: readonly number[];
  /** Of each bin, when the frame that got most of it was on screen; its middle where none got any. */
  readonly peakSeconds: readonly number[];
};

/** Bins a person can read off a timeline: the smallest of these that gives at most `maximumBins`. */
const binChoicesSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
const maximumBins = 240;

/**
 * Sums attention shares of frames into bins of the video's own time.
 *
 * @param frameShare [frames] attention share of each memory frame.
 * @param ptsSeconds [frames] PTS of each.
 */
export function binLookedAt(frameShare: ArrayLike<number>, ptsSeconds: ArrayLike<number>, durationSeconds: number): LookedAt {
  const binSeconds = binChoicesSeconds.find((choice) => durationSeconds / choice <= maximumBins) ?? Math.ceil(durationSeconds / maximumBins);
  const share = new Array<number>(Math.max(1, Math.ceil(durationSeconds / binSeconds))).fill(0);
  const peakSeconds = share.map((_, bin) => (bin + 0.5) * binSeconds);
  const most = new Float64Array(share.length);
  let total = 0;
  for (let frame = 0; frame < frameShare.length; frame++) {
    const seconds = ptsSeconds[frame] ?? 0;
    const part = frameShare[frame] ?? 0;
    const bin = Math.min(share.length - 1, Math.max(0, Math.floor(seconds / binSeconds)));
    share[bin] = (share[bin] ?? 0) + part;
    total += part;
    if (part <= (most[bin] ?? 0)) continue;
    most[bin] = part;
    peakSeconds[bin] = Math.ceil(seconds * 1000) / 1000; // rounded down, it would be the frame before
  }
  // Divided, not multiplied by 1 / total, which is infinite of the smallest numbers there are.
  const rounded = (value: number): number => total > 0 ? Number((value / total).toFixed(6)) : 0;
  return { binSeconds, share: share.map(rounded), peakSeconds };
}
