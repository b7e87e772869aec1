import { lengthOf, rangeBetween } from '../geometry/range.ts';
import { toPixels, toSeconds } from '../geometry/view.ts';
import type { AppStore } from '../store/app-store.ts';
import type { TimelineController } from './controller.ts';

/** A press that moves further than this is a drag, and no click. */
const dragPixels = 4;
const playheadReachPixels = 7;
const wheelLinePixels = 16;

/** The moment under a pointer. */
export function secondsUnder(controller: TimelineController, element: HTMLElement, clientX: number): number | undefined {
  const frame = controller.frame();
  if (frame === undefined) return undefined;
  return Math.max(0, Math.min(toSeconds(frame.scene, clientX - element.getBoundingClientRect().left), frame.scene.videoSeconds));
}

/** Click: go there. Drag: a range; from the playhead in the ruler: the playhead comes along. */
export function pressTimeline(event: React.PointerEvent<HTMLElement>, controller: TimelineController, store: AppStore): void {
  const surface = event.currentTarget;
  const frame = controller.frame();
  const from = secondsUnder(controller, surface, event.clientX);
  if (event.button !== 0 || frame === undefined || from === undefined) return;
  const { scene, currentSeconds } = frame;
  const fromX = event.clientX;
  const box = surface.getBoundingClientRect();
  const inRuler = scene.lanes.ruler !== undefined && event.clientY - box.top < scene.lanes.ruler.height;
  const scrubs = inRuler && Math.abs(toPixels(scene, currentSeconds) - (fromX - box.left)) <= playheadReachPixels;
  let dragged = false;
  surface.setPointerCapture(event.pointerId);

  const move = (moved: PointerEvent): void => {
    dragged ||= Math.abs(moved.clientX - fromX) > dragPixels;
    const to = secondsUnder(controller, surface, moved.clientX);
    if (!dragged || to === undefined) return;
    const { seek, setRange, pan, view } = store.getState();
    if (scrubs) seek(to);
    else setRange(rangeBetween(from, to, controller.frame()?.scene.videoSeconds ?? to));
    // Over the edge: the view comes along.
    const over = moved.clientX < box.left ? -1 : moved.clientX > box.right ? 1 : 0;
    if (over !== 0 && view !== undefined) pan(over * 0.02);
  };
  const end = (ended: PointerEvent): void => {
    surface.removeEventListener('pointermove', move);
    surface.removeEventListener('pointerup', end);
    surface.removeEventListener('pointercancel', end);
    if (!dragged && ended.type === 'pointerup') store.getState().seek(from);
  };
  surface.addEventListener('pointermove', move);
  surface.addEventListener('pointerup', end);
  surface.addEventListener('pointercancel', end);
}

/** Wheel and pinch zoom around the pointer; sideways, or with Shift, they pan. */
export function wheelTimeline(event: WheelEvent, element: HTMLElement, controller: TimelineController, store: AppStore): void {
  const frame = controller.frame();
  const anchor = secondsUnder(controller, element, event.clientX);
  if (frame === undefined || anchor === undefined) return;
  event.preventDefault();
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? wheelLinePixels : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? frame.scene.width : 1;
  const { zoom, setView } = store.getState();
  const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    const bySeconds = ((sideways * unit) / frame.scene.width) * lengthOf(frame.scene.view);
    const { startSeconds, endSeconds } = store.getState().view ?? frame.scene.view;
    setView({ startSeconds: startSeconds + bySeconds, endSeconds: endSeconds + bySeconds });
    return;
  }
  // A pinch arrives as a wheel with Control held, in much smaller steps.
  zoom(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.0022)), anchor);
}
