/** A part of a video. */
export type TimeRange = { readonly startSeconds: number; readonly endSeconds: number };

export const lengthOf = ({ startSeconds, endSeconds }: TimeRange): number => endSeconds - startSeconds;

/** Two moments in either order, inside of the video, as a range. Undefined where it would be shorter than `leastSeconds`. */
export function rangeBetween(one: number, other: number, videoSeconds: number, leastSeconds = 0.1): TimeRange | undefined {
  const inside = (seconds: number): number => Math.max(0, Math.min(seconds, videoSeconds));
  const startSeconds = Math.min(inside(one), inside(other));
  const endSeconds = Math.max(inside(one), inside(other));
  return endSeconds - startSeconds < leastSeconds ? undefined : { startSeconds, endSeconds };
}

/**
 * A range after the playhead went from one moment to another with Shift held: the end at which the playhead stood goes
 * along, the other stays. Without one at the playhead, a new range begins.
 */
export function extendRange(range: TimeRange | undefined, fromSeconds: number, toSeconds: number, videoSeconds: number): TimeRange | undefined {
  const near = Math.abs(toSeconds - fromSeconds) / 2;
  const isAt = (seconds: number): boolean => Math.abs(seconds - fromSeconds) < near;
  const fixed = range === undefined ? fromSeconds : isAt(range.endSeconds) ? range.startSeconds : isAt(range.startSeconds) ? range.endSeconds : fromSeconds;
  return rangeBetween(fixed, toSeconds, videoSeconds);
}

/** One end of a range elsewhere; it does not pass the other. */
export function moveRangeEnd(range: TimeRange, end: 'start' | 'end', seconds: number, videoSeconds: number, leastSeconds = 0.1): TimeRange {
  return end === 'start'
    ? { startSeconds: Math.max(0, Math.min(seconds, range.endSeconds - leastSeconds)), endSeconds: range.endSeconds }
    : { startSeconds: range.startSeconds, endSeconds: Math.min(videoSeconds, Math.max(seconds, range.startSeconds + leastSeconds)) };
}
