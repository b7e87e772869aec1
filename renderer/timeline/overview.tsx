import { useEffect, useRef, type PointerEvent } from 'react';
import { lengthOf } from '../geometry/range.ts';
import { toPixels, toSeconds, viewAt, wholeView, type Scale } from '../geometry/view.ts';
import { useSurroundings } from '../store/use-app.ts';
import type { TimelineController } from './controller.ts';
import { highestOf, peaksOf } from './curve.ts';
import type { Scene } from './scene.ts';
import styles from './timeline.module.css';

/** The whole video as a strip, with what is shown of it; dragging moves that. For the pointer: keys zoom and page. */
export function Overview({ controller }: { readonly controller: TimelineController }) {
  const { store } = useSurroundings();
  const strip = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let drawn: { readonly scene: Scene; readonly width: number } | undefined;
    return controller.onFrame(({ scene, currentSeconds }) => {
      if (strip.current === null || canvas.current === null || shown.current === null || head.current === null) return;
      const width = strip.current.clientWidth;
      const scale: Scale = { view: wholeView(scene.videoSeconds), width };
      if (drawn === undefined || drawn.width !== width || !hasSameContent(drawn.scene, scene)) {
        drawOverview(canvas.current, scene, scale, strip.current.clientHeight);
        drawn = { scene, width };
      }
      const isZoomed = lengthOf(scene.view) < scene.videoSeconds * 0.999;
      const left = toPixels(scale, scene.view.startSeconds);
      shown.current.hidden = !isZoomed;
      const shownWidth = Math.max(6, toPixels(scale, scene.view.endSeconds) - left);
      shown.current.style.width = `${shownWidth}px`;
      shown.current.style.transform = `translateX(${Math.min(left, width - shownWidth)}px)`;
      head.current.style.transform = `translateX(${toPixels(scale, currentSeconds)}px)`;
    });
  }, [controller]);

  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const element = event.currentTarget;
    const go = (clientX: number): void => {
      const scene = controller.frame()?.scene;
      const { view, setView, seek } = store.getState();
      if (scene === undefined) return;
      const box = element.getBoundingClientRect();
      const seconds = toSeconds({ view: wholeView(scene.videoSeconds), width: box.width }, clientX - box.left);
      // Nothing to move where all is shown: then it is a way to go somewhere.
      if (view === undefined) seek(seconds);
      else setView(viewAt(view, scene.videoSeconds, seconds, 0.5));
    };
    element.setPointerCapture(event.pointerId);
    go(event.clientX);
    const move = (moved: globalThis.PointerEvent): void => { go(moved.clientX); };
    element.addEventListener('pointermove', move);
    element.addEventListener('lostpointercapture', () => { element.removeEventListener('pointermove', move); }, { once: true });
  };
  return (
    <div ref={strip} className={styles['overview']} aria-hidden="true" onPointerDown={drag}>
      <canvas ref={canvas} />
      <div ref={shown} className={styles['overviewView']} hidden />
      <div ref={head} className={styles['overviewHead']} />
    </div>
  );
}

function hasSameContent(one: Scene, other: Scene): boolean {
  return one.videoSeconds === other.videoSeconds && one.coverageSeconds === other.coverageSeconds && one.lookedAt === other.lookedAt && one.marks === other.marks
    && one.colours === other.colours && one.selectedAnswerId === other.selectedAnswerId && one.pixelRatio === other.pixelRatio;
}

function drawOverview(canvas: HTMLCanvasElement, scene: Scene, scale: Scale, height: number): void {
  const { colours, pixelRatio, lookedAt, coverageSeconds, marks } = scene;
  const { width } = scale;
  Object.assign(canvas, { width: Math.round(width * pixelRatio), height: Math.round(height * pixelRatio) });
  const brush = canvas.getContext('2d');
  if (brush === null) return;
  brush.scale(pixelRatio, pixelRatio);
  brush.fillStyle = colours.empty;
  brush.fillRect(0, 0, width, height);
  brush.fillStyle = colours.coverage;
  brush.globalAlpha = 0.4;
  brush.fillRect(0, 0, toPixels(scale, coverageSeconds), height);
  if (lookedAt !== undefined) {
    const columns = Math.max(1, Math.floor(width));
    const peaks = peaksOf(scale, { binSeconds: lookedAt.binSeconds, values: lookedAt.share }, columns);
    const highest = highestOf(lookedAt.share);
    brush.fillStyle = colours.lookedAt;
    for (let column = 0; column < columns; column += 1) {
      brush.globalAlpha = highest > 0 ? 0.8 * ((peaks[column] ?? 0) / highest) : 0;
      brush.fillRect(column, 0, 1, height);
    }
  }
  brush.globalAlpha = 1;
  brush.fillStyle = colours.citation;
  for (const mark of marks) brush.fillRect(toPixels(scale, mark.startSeconds) - 1, height - 3, Math.max(2, toPixels(scale, mark.endSeconds) - toPixels(scale, mark.startSeconds)), 3);
}
