import type { Citation } from './citations.ts';

/** Frames of the memory with the share of MemAug's attention that each got. */
export type FrameShares = { readonly framePtsSeconds: ArrayLike<number>; readonly frameShare: ArrayLike<number> };

/** A frame that got less than this part of what the most looked-at one got was hardly looked at. */
const leastOfMost = 0.2;

/**
 * For a model that tells times by steps of `stepSeconds`: "12:00" of one that counts tens of seconds is any second up to
 * 12:09. Where the answer clearly looked at something within those, the citation gets its second; what the answer names
 * stays what it is.
 */
export function refineTimes(citations: readonly Citation[], stepSeconds: number | undefined, shares: FrameShares): Citation[] {
  if (stepSeconds === undefined) return [...citations];
  const most = largest(shares.frameShare);
  return citations.map((citation) => {
    const seconds = citation.verified && isStep(citation, stepSeconds) ? mostLookedAt(citation.startSeconds, stepSeconds, most * leastOfMost, shares) : undefined;
    return seconds === undefined ? citation : { ...citation, lookedAtSeconds: seconds };
  });
}

/** One moment, told as the model tells them: a range has its own end, and 12:07 was not rounded. */
function isStep({ startSeconds, endSeconds }: Citation, stepSeconds: number): boolean {
  return startSeconds === endSeconds && startSeconds % stepSeconds === 0;
}

function mostLookedAt(fromSeconds: number, stepSeconds: number, leastShare: number, { framePtsSeconds, frameShare }: FrameShares): number | undefined {
  let seconds: number | undefined;
  let share = leastShare;
  for (let frame = 0; frame < framePtsSeconds.length; frame++) {
    const ptsSeconds = framePtsSeconds[frame] ?? 0;
    const part = frameShare[frame] ?? 0;
    if (ptsSeconds < fromSeconds || ptsSeconds >= fromSeconds + stepSeconds || part <= share) continue;
    share = part;
    seconds = ptsSeconds;
  }
  return seconds;
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let index = 0; index < values.length; index++) most = Math.max(most, values[index] ?? 0);
  return most;
}
