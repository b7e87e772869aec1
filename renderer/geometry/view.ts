import { lengthOf, type TimeRange } from './range.ts';

/** The part of the video that is shown, on so many CSS pixels. */
export type Scale = { readonly view: TimeRange; readonly width: number };

/** Nothing is shown larger than this: a second on the whole width. */
export const leastViewSeconds = 1;

export function toPixels({ view, width }: Scale, seconds: number): number {
  const length = lengthOf(view);
  return length > 0 ? ((seconds - view.startSeconds) / length) * width : 0;
}

export function toSeconds({ view, width }: Scale, pixels: number): number {
  return width > 0 ? view.startSeconds + (pixels / width) * lengthOf(view) : view.startSeconds;
}

export function wholeView(videoSeconds: number): TimeRange {
  return { startSeconds: 0, endSeconds: Math.max(videoSeconds, Number.MIN_VALUE) };
}

/** The nearest view that lies inside of the video. Undefined means all of it, so that a growing length stays in sight. */
export function fitView(view: TimeRange, videoSeconds: number): TimeRange | undefined {
  const length = Math.max(lengthOf(view), Math.min(leastViewSeconds, videoSeconds));
  if (!(length < videoSeconds * 0.999)) return undefined;
  const startSeconds = Math.max(0, Math.min(view.startSeconds, videoSeconds - length));
  return { startSeconds, endSeconds: startSeconds + length };
}

/** A view that shows `1 / factor` of what it showed; the anchor keeps its place on the screen. */
export function zoomView(view: TimeRange, videoSeconds: number, factor: number, anchorSeconds: number): TimeRange | undefined {
  const before = lengthOf(view);
  const length = Math.max(Math.min(leastViewSeconds, videoSeconds), before / factor);
  const share = before > 0 ? (anchorSeconds - view.startSeconds) / before : 0;
  const startSeconds = anchorSeconds - share * length;
  return fitView({ startSeconds, endSeconds: startSeconds + length }, videoSeconds);
}

export function panView(view: TimeRange, videoSeconds: number, bySeconds: number): TimeRange | undefined {
  return fitView({ startSeconds: view.startSeconds + bySeconds, endSeconds: view.endSeconds + bySeconds }, videoSeconds);
}

/** A view of the same length that has the moment at a share of its width. */
export function viewAt(view: TimeRange, videoSeconds: number, seconds: number, share: number): TimeRange | undefined {
  return panView(view, videoSeconds, seconds - share * lengthOf(view) - view.startSeconds);
}
