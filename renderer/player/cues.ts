import { lowerBound } from '../geometry/frames.ts';
import type { SubtitleTrack } from '../store/timeline-slice.ts';

/** Cues that begin this many places earlier may still be shown: of two speakers, or a sign over a dialogue. */
const mostAtOnce = 8;

/** What is said at a moment, in the order in which it was begun; '' for nothing. Cues are sorted by their start. */
export function wordsAt(cues: Readonly<SubtitleTrack['cues']>, seconds: number): string {
  const end = lowerBound(cues, seconds + 1e-6, ({ startSeconds }) => startSeconds);
  return cues.slice(Math.max(0, end - mostAtOnce), end).filter((cue) => seconds < cue.endSeconds).map(({ text }) => text).join('\n');
}
