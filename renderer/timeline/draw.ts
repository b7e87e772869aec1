import { drawAside } from './aside.ts';
import { drawCues, drawChapters } from './draw-text-lanes.ts';
import { drawLookedAt, drawLookedAtLabel, drawWaveform } from './draw-curves.ts';
import { drawMarks } from './draw-marks.ts';
import { drawPictures } from './draw-pictures.ts';
import { labelEveryPixels, labelGap, placeTicks } from './ticks.ts';
import type { Brush, Pictures, Scene } from './scene.ts';


/** The whole canvas, anew: the few hundred shapes of a view cost less than to know which of them changed. */
export function drawTimeline(brush: Brush, scene: Scene, pictures: Pictures): void {
  brush.setTransform(scene.pixelRatio, 0, 0, scene.pixelRatio, 0, 0);
  brush.clearRect(0, 0, scene.width, scene.height);
  brush.font = scene.colours.font;
  brush.textBaseline = 'middle';
  drawRuler(brush, scene);
  drawPictures(brush, scene, pictures);
  const { lookedAt, waveform, subtitles } = scene.lanes;
  drawAside(brush, scene, [lookedAt, waveform, subtitles], (aside) => {
    drawLookedAt(aside, scene);
    drawWaveform(aside, scene);
    drawCues(brush, aside, scene);
  });
  drawLookedAtLabel(brush, scene);
  drawChapters(brush, scene);
  drawMarks(brush, scene);
}

function drawRuler(brush: Brush, scene: Scene): void {
  const { lanes: { ruler }, colours, width } = scene;
  if (ruler === undefined) return;
  const bottom = ruler.top + ruler.height;
  brush.fillStyle = colours.line;
  brush.fillRect(0, bottom - 1, width, 1);
  const ticks = placeTicks(scene, labelEveryPixels);
  for (const { pixels, label } of ticks) {
    brush.fillStyle = label === undefined ? colours.line : colours.faint;
    const height = label === undefined ? 4 : 8;
    brush.fillRect(Math.round(pixels), bottom - height, 1, height);
  }
  brush.fillStyle = colours.faint;
  for (const { pixels, label, seconds } of ticks) {
    const left = Math.round(pixels) + labelGap;
    // Cut off at the end, or by the playhead's handle, a time reads as another one.
    if (label !== undefined && left + brush.measureText(label).width <= width && seconds !== scene.coveredLabel) brush.fillText(label, left, ruler.top + ruler.height / 2 - 1);
  }
}
