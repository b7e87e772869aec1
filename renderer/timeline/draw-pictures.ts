import { frameAt } from '../geometry/frames.ts';
import { toPixels } from '../geometry/view.ts';
import type { Brush, Pictures, Scene } from './scene.ts';
import { placeThumbnails } from './thumbnails.ts';

/** The pictures in memory, and under them a line as far as the memory goes. */
export function drawPictures(brush: Brush, scene: Scene, pictures: Pictures): void {
  const { lanes: { pictures: lane, coverage }, colours, frameTimes, pictureSeconds, coverageSeconds, gaps, videoSeconds, width } = scene;
  const end = Math.min(width, toPixels(scene, videoSeconds));
  if (lane !== undefined && lane.height > 0) {
    brush.fillStyle = colours.empty;
    brush.fillRect(0, lane.top, end, lane.height);
    if (frameTimes !== undefined) {
      for (const { pixels, width: shown, seconds } of placeThumbnails(scene, Math.round(lane.height * scene.aspect), Math.min(pictureSeconds, videoSeconds))) {
        const picture = pictures.picture(frameTimes.memoryId, frameAt(frameTimes.ptsSeconds, seconds));
        if (picture !== undefined) drawPicture(brush, picture, pixels, lane.top, shown, lane.height);
      }
    }
    for (const gap of gaps) drawGap(brush, scene, gap.startSeconds, gap.endSeconds, lane.top, lane.height);
  }
  if (coverage !== undefined) {
    const covered = Math.min(width, toPixels(scene, coverageSeconds));
    brush.fillStyle = colours.line;
    brush.fillRect(0, coverage.top, end, coverage.height);
    brush.fillStyle = colours.coverage;
    if (covered > 0) brush.fillRect(0, coverage.top, covered, coverage.height);
    brush.fillStyle = colours.caution;
    for (const gap of gaps) {
      const left = toPixels(scene, gap.startSeconds);
      brush.fillRect(left, coverage.top, Math.max(2, toPixels(scene, gap.endSeconds) - left), coverage.height);
    }
  }
}

/** Fills the height; of a picture that has less room than it needs, the left part. */
function drawPicture(brush: Brush, picture: CanvasImageSource & { readonly width: number; readonly height: number }, left: number, top: number, width: number, height: number): void {
  // Whole pixels, or a seam of the ground would show between neighbours.
  const from = Math.round(left);
  const shown = Math.round(left + width) - from;
  const scale = height / picture.height;
  brush.drawImage(picture, 0, 0, Math.min(picture.width, shown / scale), picture.height, from, top, shown, height);
}

function drawGap(brush: Brush, scene: Scene, startSeconds: number, endSeconds: number, top: number, height: number): void {
  const left = Math.max(0, toPixels(scene, startSeconds));
  const right = Math.min(scene.width, toPixels(scene, endSeconds));
  if (right < 0 || left > scene.width) return;
  brush.save();
  brush.beginPath();
  brush.rect(left, top, Math.max(2, right - left), height);
  brush.clip();
  brush.fillStyle = scene.colours.empty;
  brush.fillRect(left, top, Math.max(2, right - left), height);
  brush.strokeStyle = scene.colours.faint;
  brush.globalAlpha = 0.4;
  brush.beginPath();
  for (let x = left - height; x < right + height; x += 8) {
    brush.moveTo(x, top + height);
    brush.lineTo(x + height, top);
  }
  brush.stroke();
  brush.restore();
}
