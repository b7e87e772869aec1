/** A part of a video. */
export type TimeRange = { readonly startSeconds: number; readonly endSeconds: number };

export const lengthOf = ({ startSeconds, endSeconds }: TimeRange): number => endSeconds - startSeconds;

/** No range is shorter: a memory has a frame a second, and clocks show no less. */
export const leastRangeSeconds = 1;

/**
 * Two moments in either order, inside of the video, as a range; undefined where they are one. Where they are too close it
 * goes on from the first over the other, or back from where the video ends.
 */
export function rangeBetween(one: number, other: number, videoSeconds: number): TimeRange | undefined {
  const inside = (seconds: number): number => Math.max(0, Math.min(seconds, videoSeconds));
  const [from, to] = [inside(one), inside(other)];
  if (from === to) return undefined;
  const least = Math.min(leastRangeSeconds, videoSeconds);
  if (Math.abs(to - from) >= least) return { startSeconds: Math.min(from, to), endSeconds: Math.max(from, to) };
  const startSeconds = Math.max(0, Math.min(to > from ? from : from - least, videoSeconds - least));
  return { startSeconds, endSeconds: startSeconds + least };
}

/**
 * A range after the playhead went from one moment to another with Shift held: the end at which the playhead stood goes
 * along, the other stays. Without one at the playhead, a new range begins.
 */
export function extendRange(range: TimeRange | undefined, fromSeconds: number, toSeconds: number, videoSeconds: number): TimeRange | undefined {
  if (toSeconds === fromSeconds) return range; // an end of the video
  const near = Math.abs(toSeconds - fromSeconds) / 2;
  const isAt = (seconds: number): boolean => Math.abs(seconds - fromSeconds) < near;
  const fixed = range === undefined ? fromSeconds : isAt(range.endSeconds) ? range.startSeconds : isAt(range.startSeconds) ? range.endSeconds : fromSeconds;
  return rangeBetween(fixed, toSeconds, videoSeconds);
}

/** One end of a range elsewhere; it does not pass the other. */
export function moveRangeEnd(range: TimeRange, end: 'start' | 'end', seconds: number, videoSeconds: number): TimeRange {
  return end === 'start'
    ? { startSeconds: Math.max(0, Math.min(seconds, range.endSeconds - leastRangeSeconds)), endSeconds: range.endSeconds }
    : { startSeconds: range.startSeconds, endSeconds: Math.min(videoSeconds, Math.max(seconds, range.startSeconds + leastRangeSeconds)) };
}
