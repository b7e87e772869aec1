/** How much of the attention each bin of a video got, and of each bin, when it got most. */
type LookedAt = { readonly binSeconds: number; readonly share: readonly number[]; readonly peakSeconds?: readonly number[] | undefined };

/** A moment that an answer looked at: what it looked at most in its bin, and the share of attention that the bin got. */
export type Moment = { readonly seconds: number; readonly share: number };

/** As many as are shown of an answer. */
export const momentsShown = 4;
/** Two moments closer than this show the same picture. */
const leastSeconds = 5;
/** And closer than this part of the video, the same scene. */
const leastPart = 0.02;
/** A moment that got less than this part of what the first one got says little about what was asked. */
const leastOfFirst = 0.5;

/** The moments that got most, apart from each other, in the order of the video. */
export function topMoments({ binSeconds, share, peakSeconds }: LookedAt, count: number): readonly Moment[] {
  const apartSeconds = Math.max(leastSeconds, share.length * binSeconds * leastPart);
  const byShare = share
    // Answers of earlier versions say no more than the bin.
    .map((part, bin) => ({ seconds: peakSeconds?.[bin] ?? (bin + 0.5) * binSeconds, share: part }))
    .filter((moment) => moment.share > 0)
    .sort((one, other) => other.share - one.share);
  const least = (byShare[0]?.share ?? 0) * leastOfFirst;
  const chosen: Moment[] = [];
  for (const moment of byShare) {
    if (chosen.length === count || moment.share < least) break;
    if (chosen.every(({ seconds }) => Math.abs(seconds - moment.seconds) >= apartSeconds)) chosen.push(moment);
  }
  return chosen.sort((one, other) => one.seconds - other.seconds);
}
