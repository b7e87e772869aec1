import type { WorkOptions } from '../../protocol/progress.ts';
import type { NewChapter } from '../../library/index.ts';
import type { Memory } from '../../memory/index.ts';
import { frameSegments, mergeAlike, type Segment } from './segments.ts';

/** VideoMarathon's clips are half a minute long (section 3); here a cut stands where the picture changes, and that is their mean. */
const clipSeconds = 30;
const leastClipSeconds = 8;
/** YouTube refuses shorter ones, and nobody looks for them. */
const leastChapterSeconds = 10;
const mostChapters = 40;

/** How many chapters a film of a length should have: 4 of five minutes, 15 of an hour, 22 of two. */
export function chapterCount(seconds: number): number {
  return Math.max(1, Math.min(mostChapters, Math.round(2 * Math.sqrt(seconds / 60)), Math.floor(seconds / leastChapterSeconds)));
}

/**
 * Chapters of a film from its memory alone: clips where the picture changes, and neighbouring clips that look alike as
 * one chapter. It takes no model and reads every feature once, a tenth of a second for an hour of the demo model's.
 * Throws `memory-invalid`, `cancelled`.
 */
export async function cutChapters(memory: Memory, options: WorkOptions = {}): Promise<NewChapter[]> {
  const framesPerSecond = memory.frameCount / Math.max(1, memory.durationSeconds);
  const frames = (seconds: number): number => seconds * framesPerSecond;
  const clips = await mergeAlike(await frameSegments(memory, options),
    { most: Math.ceil(memory.durationSeconds / clipSeconds), leastFrames: frames(leastClipSeconds), mostFrames: frames(3 * clipSeconds) }, options.signal);
  const count = chapterCount(memory.durationSeconds);
  const mean = memory.durationSeconds / count;
  const chapters = await mergeAlike(clips, { most: count, leastFrames: frames(Math.max(leastChapterSeconds, mean / 4)), mostFrames: frames(2 * mean) }, options.signal);
  const startOf = ({ firstFrame }: Segment): number => firstFrame === 0 ? 0 : memory.ptsSeconds[firstFrame] ?? 0;
  return chapters.map((chapter, index) => {
    const next = chapters[index + 1];
    return {
      startSeconds: startOf(chapter),
      endSeconds: next === undefined ? memory.durationSeconds : startOf(next),
      clipStartSeconds: clips.filter(({ firstFrame }) => firstFrame >= chapter.firstFrame && firstFrame < chapter.firstFrame + chapter.frames).map(startOf),
    };
  });
}
