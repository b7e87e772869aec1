import { formatClock } from '../format/time.ts';
import { lengthOf } from '../geometry/range.ts';
import { toPixels, type Scale } from '../geometry/view.ts';

export type Tick = { readonly seconds: number; readonly pixels: number; /** Of a large one. */ readonly label: string | undefined };

export const labelEveryPixels = 84;
/** The playhead's handle leaves a label beside it whole. */
export const labelGap = 8;
/** Of a digit, about. */
const letterPixels = 7;
/** Half of the playhead's handle, and a little air. */
const handlePixels = 7;

/** How far apart labels may stand, and how each is divided: what a clock's face makes natural. */
const steps: readonly (readonly [labelSeconds: number, parts: number])[] = [
  [0.1, 2], [0.2, 2], [0.5, 5], [1, 5], [2, 4], [5, 5], [10, 5], [15, 3], [30, 6], [60, 6], [120, 4], [300, 5], [600, 5], [900, 3], [1800, 6], [3600, 6], [7200, 4], [10800, 3], [21600, 6], [43200, 6],
];
const longest = [86_400, 6] as const;

/** Seconds between labels, and between all ticks, so that labels are at least so many pixels apart. */
export function tickSteps({ view, width }: Scale, leastPixels: number): { readonly labelSeconds: number; readonly tickSeconds: number } {
  const needed = width > 0 ? (lengthOf(view) / width) * leastPixels : Number.POSITIVE_INFINITY;
  const [labelSeconds, parts] = steps.find(([seconds]) => seconds >= needed) ?? longest;
  return { labelSeconds, tickSeconds: labelSeconds / parts };
}

/** Those in view. Counted in whole ticks from the beginning, so that they stay where they are while the view moves. */
export function placeTicks(scale: Scale, leastPixels: number): Tick[] {
  const { labelSeconds, tickSeconds } = tickSteps(scale, leastPixels);
  const perLabel = Math.round(labelSeconds / tickSeconds);
  const first = Math.max(0, Math.ceil(scale.view.startSeconds / tickSeconds - perLabel));
  const last = Math.floor(scale.view.endSeconds / tickSeconds);
  const ticks: Tick[] = [];
  for (let index = first; index <= last; index += 1) {
    const seconds = index * tickSeconds;
    const isLarge = index % perLabel === 0;
    if (!isLarge && seconds < scale.view.startSeconds) continue;
    ticks.push({ seconds, pixels: toPixels(scale, seconds), label: isLarge ? tickLabel(seconds, labelSeconds) : undefined });
  }
  return ticks;
}

/** The moment whose label the playhead's handle would stand on; undefined where it stands on none. */
export function coveredLabel(scale: Scale, playheadSeconds: number): number | undefined {
  const head = toPixels(scale, playheadSeconds);
  return placeTicks(scale, labelEveryPixels).find(({ pixels, label }) => label !== undefined && head + handlePixels > pixels + labelGap && head - handlePixels < pixels + labelGap + label.length * letterPixels)?.seconds;
}

function tickLabel(seconds: number, labelSeconds: number): string {
  if (labelSeconds >= 1) return formatClock(Math.round(seconds));
  const tenths = Math.round(seconds * 10);
  return `${formatClock(Math.floor(tenths / 10))}.${tenths % 10}`;
}
