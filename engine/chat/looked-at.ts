export type LookedAt = {
  readonly binSeconds: number;
  /** Share of MemAug's attention that each bin of the video got; sums to 1. */
  readonly share: readonly number[];
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
  let total = 0;
  for (let frame = 0; frame < frameShare.length; frame++) {
    const bin = Math.min(share.length - 1, Math.max(0, Math.floor((ptsSeconds[frame] ?? 0) / binSeconds)));
    share[bin] = (share[bin] ?? 0) + (frameShare[frame] ?? 0);
    total += frameShare[frame] ?? 0;
  }
  const scale = total > 0 ? 1 / total : 0;
  return { binSeconds, share: share.map((value) => Number((value * scale).toFixed(6))) };
}
