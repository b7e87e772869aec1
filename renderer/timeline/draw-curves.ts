import { toPixels } from '../geometry/view.ts';
import { highestOf, peaksOf } from './curve.ts';
import type { Brush, Scene } from './scene.ts';

const highestKnown = new WeakMap<object, number>();

/**
 * Where the selected answer looked: the share of attention of every bin, as a part of the highest. The square root lifts
 * what is small, because most of an hour shares what the strongest moments leave.
 */
export function drawLookedAt(brush: Brush, scene: Scene): void {
  const { lanes: { lookedAt: lane }, lookedAt, colours, width } = scene;
  if (lane === undefined) return;
  const base = lane.top + lane.height;
  brush.fillStyle = colours.line;
  brush.fillRect(0, base - 1, Math.min(width, toPixels(scene, scene.videoSeconds)), 1);
  if (lookedAt !== undefined) {
    const highest = highestKnown.get(lookedAt) ?? highestOf(lookedAt.share);
    highestKnown.set(lookedAt, highest);
    const columns = Math.max(1, Math.ceil(width / 2));
    const peaks = peaksOf(scene, { binSeconds: lookedAt.binSeconds, values: lookedAt.share }, columns);
    const heightOf = (column: number): number => highest > 0 ? Math.sqrt((peaks[column] ?? 0) / highest) * (lane.height - 2) : 0;
    brush.beginPath();
    brush.moveTo(0, base);
    for (let column = 0; column < columns; column += 1) brush.lineTo(((column + 0.5) / columns) * width, base - heightOf(column));
    brush.lineTo(width, base);
    const fill = brush.createLinearGradient(0, lane.top, 0, base);
    fill.addColorStop(0, colours.lookedAt);
    fill.addColorStop(1, colours.accentSoft);
    brush.fillStyle = fill;
    brush.globalAlpha = 0.75;
    brush.fill();
    brush.globalAlpha = 1;
  }
}

/** Its name at the left of the lane, on a ground of its own so that it can be read over what is drawn there. */
export function drawLookedAtLabel(brush: Brush, { colours, lanes: { lookedAt: lane }, words: { lookedAt: label } }: Scene): void {
  if (lane === undefined) return;
  const { width } = brush.measureText(label);
  brush.fillStyle = colours.ground;
  brush.globalAlpha = 0.82;
  brush.beginPath();
  brush.roundRect(4, lane.top + lane.height / 2 - 9, width + 10, 18, 5);
  brush.fill();
  brush.globalAlpha = 1;
  brush.fillStyle = colours.quiet;
  brush.fillText(label, 9, lane.top + lane.height / 2);
}

export function drawWaveform(brush: Brush, scene: Scene): void {
  const { lanes: { waveform: lane }, waveform, colours, width } = scene;
  if (lane === undefined) return;
  const middle = lane.top + lane.height / 2;
  brush.fillStyle = colours.wave;
  if (waveform === undefined) {
    brush.globalAlpha = 0.5;
    brush.fillRect(0, Math.round(middle), Math.min(width, toPixels(scene, scene.videoSeconds)), 1);
    brush.globalAlpha = 1;
    return;
  }
  const columns = Math.max(1, Math.ceil(width / 2));
  const peaks = peaksOf(scene, waveform, columns);
  const columnWidth = width / columns;
  for (let column = 0; column < columns; column += 1) {
    const height = Math.max(1, ((peaks[column] ?? 0) / 255) * lane.height);
    brush.fillRect(column * columnWidth, middle - height / 2, columnWidth > 1.5 ? columnWidth - 0.5 : columnWidth, height);
  }
}
