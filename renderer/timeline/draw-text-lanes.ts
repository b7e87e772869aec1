import { lowerBound } from '../geometry/frames.ts';
import { toPixels } from '../geometry/view.ts';
import type { Brush, Scene } from './scene.ts';

const padding = 5;
/** Narrower than this, words would be crumbs. */
const leastForText = 40;

/** Subtitles: their words where there is room for them, otherwise ticks, hundreds of them, that show where somebody speaks. */
export function drawCues(brush: Brush, tickBrush: Brush, scene: Scene): void {
  const { lanes: { subtitles: lane }, cues, view, colours } = scene;
  if (lane === undefined) return;
  // Cues hardly overlap, so the first that can reach into view is close before the first that begins in it.
  let index = Math.max(0, lowerBound(cues, view.startSeconds, ({ startSeconds }) => startSeconds) - 8);
  let drawnTo = Number.NEGATIVE_INFINITY;
  for (; index < cues.length; index += 1) {
    const cue = cues[index];
    if (cue === undefined || cue.startSeconds > view.endSeconds) break;
    const left = toPixels(scene, cue.startSeconds);
    const right = toPixels(scene, cue.endSeconds);
    if (right < 0) continue;
    if (right - left >= leastForText) {
      drawBox(brush, scene, lane, left, right, cue.text.replaceAll('\n', ' '));
    } else if (right > drawnTo + 1) {
      // What falls on one pixel is drawn once: ten hours have ten thousand cues.
      tickBrush.fillStyle = colours.wave;
      tickBrush.fillRect(Math.max(left, drawnTo), lane.top + 4, Math.max(1, right - Math.max(left, drawnTo) - 1), lane.height - 8);
      drawnTo = right;
    }
  }
}

export function drawChapters(brush: Brush, scene: Scene): void {
  const { lanes: { chapters: lane }, chapters } = scene;
  if (lane === undefined) return;
  for (const [index, { startSeconds, endSeconds, title }] of chapters.entries()) {
    const left = toPixels(scene, startSeconds);
    const right = toPixels(scene, endSeconds);
    if (right >= 0 && left <= scene.width) drawBox(brush, scene, lane, left, right, title || String(index + 1));
  }
}

function drawBox(brush: Brush, { colours, width }: Scene, lane: { readonly top: number; readonly height: number }, left: number, right: number, text: string): void {
  const from = Math.max(left, -padding);
  const to = Math.min(right, width + padding);
  brush.fillStyle = colours.empty;
  brush.beginPath();
  brush.roundRect(from, lane.top, Math.max(1, to - from - 1), lane.height, 3);
  brush.fill();
  const room = to - Math.max(0, from) - 2 * padding;
  if (room < leastForText - 2 * padding || text === '') return;
  brush.fillStyle = colours.quiet;
  // Words of a box that begins before the view stand at the view's edge.
  brush.fillText(shorten(brush, text, room), Math.max(0, from) + padding, lane.top + lane.height / 2 + 0.5);
}

const widths = new Map<string, number>();

/** Cut to the room with an ellipsis. Widths are remembered: measuring is most of what a text costs. */
function shorten(brush: Brush, text: string, room: number): string {
  const measure = (part: string): number => {
    const key = `${brush.font} ${part}`;
    let width = widths.get(key);
    if (width === undefined) {
      width = brush.measureText(part).width;
      if (widths.size > 5000) widths.clear();
      widths.set(key, width);
    }
    return width;
  };
  const whole = measure(text);
  if (whole <= room) return text;
  const ellipsis = measure('…');
  // Proportional to the room: exact to a letter is not needed, and costs a search.
  const letters = Math.floor((text.length * (room - ellipsis)) / whole);
  return letters < 1 ? '' : `${text.slice(0, letters).trimEnd()}…`;
}
