import type { TimeRange } from '../store/conversation-slice.ts';
import { rangeBetween } from './geometry.ts';

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
