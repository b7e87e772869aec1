import { toPixels, type Scale } from '../geometry/view.ts';
import type { Mark } from '../store/marks.ts';

/** Where a mark stands; `marks` are those that nobody could tell apart there. */
export type PlacedMark = { readonly left: number; readonly width: number; readonly marks: readonly [Mark, ...Mark[]] };

const samePixels = 4;

/** Marks in view, at least `leastWidth` wide; those that lie on each other at this zoom become one. */
export function placeMarks(scale: Scale, marks: readonly Mark[], leastWidth: number): PlacedMark[] {
  const placed: { left: number; width: number; marks: [Mark, ...Mark[]] }[] = [];
  for (const mark of marks) {
    const start = toPixels(scale, mark.startSeconds);
    const end = toPixels(scale, mark.endSeconds);
    const width = Math.max(leastWidth, end - start);
    const left = (start + end - width) / 2;
    if (left + width < 0 || left > scale.width) continue;
    const before = placed.at(-1);
    if (before !== undefined && Math.abs(left - before.left) < samePixels && Math.abs(width - before.width) < samePixels) before.marks.push(mark);
    else placed.push({ left, width, marks: [mark] });
  }
  return placed;
}
