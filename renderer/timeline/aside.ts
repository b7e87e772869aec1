import type { Lane } from './lanes.ts';
import type { Brush, Scene } from './scene.ts';

/** Pixels of the screen: whole ones, so that a picture of them is copied and not scaled. */
export type PixelBox = { readonly top: number; readonly width: number; readonly height: number };

/** What covers lanes over the whole width; undefined where there is nothing to cover. */
export function pixelBoxOf({ width, pixelRatio }: Pick<Scene, 'width' | 'pixelRatio'>, lanes: readonly (Lane | undefined)[]): PixelBox | undefined {
  const there = lanes.filter((lane) => lane !== undefined);
  const top = Math.floor(Math.min(...there.map((lane) => lane.top)) * pixelRatio);
  const bottom = Math.ceil(Math.max(...there.map((lane) => lane.top + lane.height)) * pixelRatio);
  const pixelWidth = Math.round(width * pixelRatio);
  return bottom > top && pixelWidth > 0 ? { top, width: pixelWidth, height: bottom - top } : undefined;
}

const asides = new WeakMap<Brush, Brush>();

/**
 * Draws lanes on a canvas of the processor's, and that as one picture. For what is made of hundreds of small shapes or of
 * a long outline: a graphics card gets every edge of them as triangles, and for one outline paints all in several samples
 * a pixel; the processor fills such lanes in a fraction of a millisecond. Not for words: letters have the style of the canvas.
 */
export function drawAside(brush: Brush, scene: Scene, lanes: readonly (Lane | undefined)[], draw: (aside: Brush) => void): void {
  const { pixelRatio } = scene;
  const box = pixelBoxOf(scene, lanes);
  const aside = asides.get(brush) ?? document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (box === undefined || aside === null) return;
  asides.set(brush, aside);
  // Setting its size empties a canvas.
  Object.assign(aside.canvas, { width: box.width, height: box.height });
  aside.setTransform(pixelRatio, 0, 0, pixelRatio, 0, -box.top);
  draw(aside);
  brush.save();
  brush.resetTransform();
  brush.drawImage(aside.canvas, 0, box.top);
  brush.restore();
}
