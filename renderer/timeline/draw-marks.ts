import { placeMarks } from './place-marks.ts';
import type { Brush, Scene } from './scene.ts';

/** A mark is at least this wide, so that it can be seen and hit. */
export const leastMarkPixels = 8;
const markHeight = 6;

/** Times that answers name. Those of the selected answer are full; those that were not found in the video are dashed. */
export function drawMarks(brush: Brush, scene: Scene): void {
  const { lanes: { marks: lane }, marks, colours, selectedAnswerId } = scene;
  if (lane === undefined) return;
  const top = lane.top + (lane.height - markHeight) / 2;
  for (const { left, width, marks: group } of placeMarks(scene, marks, leastMarkPixels)) {
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
