import { toPixels } from '../geometry/view.ts';
import { placeMarks } from './place-marks.ts';
import type { Brush, Scene } from './scene.ts';

/** A mark is at least this wide, so that it can be seen and hit. */
export const leastMarkPixels = 8;
const markHeight = 6;

/** Of a part of the lane where marks would lie on each other. */
const binPixels = 4;

/** Times that answers name. Those of the selected answer are full; those that were not found in the video are dashed. */
export function drawMarks(brush: Brush, scene: Scene): void {
  const { lanes: { marks: lane }, marks, colours, selectedAnswerId } = scene;
  if (lane === undefined) return;
  const top = lane.top + (lane.height - markHeight) / 2;
  const placed = placeMarks(scene, marks, leastMarkPixels);
  if (placed.length * leastMarkPixels > scene.width / 2) { drawDensity(brush, scene, top); return; }
  for (const { left, width, marks: group } of placed) {
    const isSelected = selectedAnswerId === undefined || group.some(({ answerId }) => answerId === selectedAnswerId);
    brush.globalAlpha = isSelected ? 1 : 0.4;
    brush.beginPath();
    if (group.some(({ verified }) => verified)) {
      brush.roundRect(left, top, width, markHeight, markHeight / 2);
      brush.fillStyle = colours.citation;
      brush.fill();
    } else {
      brush.roundRect(left + 0.75, top + 0.25, width - 1.5, markHeight - 0.5, markHeight / 2);
      brush.strokeStyle = colours.citation;
      brush.lineWidth = 1.25;
      brush.setLineDash([2, 2]);
      brush.stroke();
      brush.setLineDash([]);
    }
  }
  brush.globalAlpha = 1;
}

/** More than can be told apart: the more there are in a place, the fuller it is; those of the chosen answer stand out. */
function drawDensity(brush: Brush, scene: Scene, top: number): void {
  const { marks, colours, selectedAnswerId, width } = scene;
  const counts = new Array<number>(Math.ceil(width / binPixels)).fill(0);
  for (const { startSeconds, endSeconds } of marks) {
    const bin = Math.floor(toPixels(scene, (startSeconds + endSeconds) / 2) / binPixels);
    if (counts[bin] !== undefined) counts[bin] += 1;
  }
  const most = Math.max(...counts);
  brush.fillStyle = colours.citation;
  counts.forEach((count, bin) => {
    if (count === 0) return;
    brush.globalAlpha = 0.15 + 0.45 * (count / most);
    brush.fillRect(bin * binPixels, top, binPixels - 1, markHeight);
  });
  brush.globalAlpha = 1;
  for (const { left, width: shown } of placeMarks(scene, marks.filter(({ answerId }) => answerId === selectedAnswerId), leastMarkPixels)) {
    brush.beginPath();
    brush.roundRect(left, top, shown, markHeight, markHeight / 2);
    brush.fill();
  }
}
