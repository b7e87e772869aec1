import { lengthOf } from '../geometry/range.ts';
import { toPixels, type Scale } from '../geometry/view.ts';

/** Where a picture of the lane stands. It is drawn `fullWidth` wide and cut off after `width`. */
export type Thumbnail = { readonly pixels: number; readonly width: number; readonly seconds: number };

/**
 * Moments of the video side by side without gaps, each for a picture of `fullWidth` pixels. They belong to fixed moments,
 * 2ⁿ seconds apart, so panning moves them and changes none. Between two such levels the pictures of the finer one come out
 * from behind their left neighbours as the view is zoomed: at twice the width they stand free, and are the next level.
 */
export function placeThumbnails(scale: Scale, fullWidth: number, endSeconds: number): Thumbnail[] {
  const secondsPerPixel = lengthOf(scale.view) / scale.width;
  if (!(secondsPerPixel > 0) || !(fullWidth > 0)) return [];
  const slotSeconds = 2 ** Math.ceil(Math.log2(fullWidth * secondsPerPixel));
  const slotPixels = slotSeconds / secondsPerPixel;
  const thumbnails: Thumbnail[] = [];
  const first = Math.max(0, Math.floor(scale.view.startSeconds / slotSeconds));
  const end = Math.min(endSeconds, scale.view.endSeconds);
  for (let index = first; index * slotSeconds < end; index += 1) {
    const seconds = index * slotSeconds;
    const pixels = toPixels(scale, seconds);
    const room = toPixels(scale, endSeconds) - pixels;
    thumbnails.push({ pixels, width: Math.min(fullWidth, room), seconds });
    const rest = Math.min(slotPixels, room) - fullWidth;
    if (rest > 0) thumbnails.push({ pixels: pixels + fullWidth, width: rest, seconds: seconds + slotSeconds / 2 });
  }
  return thumbnails.filter(({ pixels, width }) => width > 0 && pixels + width > 0 && pixels < scale.width);
}
