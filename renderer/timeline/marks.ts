import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { toPixels, type Scale } from './geometry.ts';

/** A time that an answer names. */
export type Mark = {
  readonly answerId: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** As the answer has it. */
  readonly text: string;
  readonly verified: boolean;
};

/** Those of the branch that is shown, in the order of the video; the same moment twice in one answer is one mark. */
export function marksOf(messages: readonly MessageEntry[]): Mark[] {
  const seen = new Set<string>();
  return messages.flatMap(({ id, answer }) => (answer?.citations ?? []).flatMap(({ startSeconds, endSeconds, text, verified }) => {
    const key = `${id} ${startSeconds} ${endSeconds}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ answerId: id, startSeconds, endSeconds, text, verified }];
  })).sort((one, other) => one.startSeconds - other.startSeconds);
}

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
