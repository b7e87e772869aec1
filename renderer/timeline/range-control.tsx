import { X } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { actionOf } from '../actions/table.ts';
import { IconButton } from '../components/icon-button.tsx';
import { formatClock } from '../format/time.ts';
import { moveRangeEnd } from '../geometry/range.ts';
import { toPixels } from '../geometry/view.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import type { TimelineController } from './controller.ts';
import { secondsUnder } from './pointer.ts';
import { tickSteps } from './ticks.ts';
import styles from './timeline.module.css';

/** The part of the video that the next question is about: two handles, and what it is for. */
export function RangeControl({ controller, lanes }: { readonly controller: TimelineController; readonly lanes: RefObject<HTMLElement | null> }) {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const { setRange } = useActions();
  const range = useApp((state) => state.range);
  const box = useRef<HTMLDivElement>(null);
  const chip = useRef<HTMLDivElement>(null);
  useEffect(() => controller.onFrame(({ scene }) => {
    if (range === undefined || box.current === null || chip.current === null) return;
    const left = Math.max(-4, Math.min(toPixels(scene, range.startSeconds), scene.width + 4));
    const right = Math.max(-4, Math.min(toPixels(scene, range.endSeconds), scene.width + 4));
    box.current.style.transform = `translateX(${left}px)`;
    box.current.style.width = `${right - left}px`;
    const half = chip.current.offsetWidth / 2;
    const middle = Math.max(half + 8, Math.min((left + right) / 2, scene.width - half - 8));
    chip.current.style.transform = `translateX(${Math.round(middle - half)}px)`;
    chip.current.style.top = `${(scene.lanes.pictures?.top ?? 0) + Math.max(0, ((scene.lanes.pictures?.height ?? 0) - chip.current.offsetHeight) / 2)}px`;
  }), [controller, range, t]);
  if (range === undefined) return null;
  const words = { from: formatClock(range.startSeconds), to: formatClock(range.endSeconds) };
  return (
    <div role="group" aria-label={t('timeline.range', words)}>
      <div ref={box} className={styles['range']}>
        <RangeHandle end="start" controller={controller} lanes={lanes} />
        <RangeHandle end="end" controller={controller} lanes={lanes} />
      </div>
      <div ref={chip} className={styles['chip']}>
        <button type="button" className={styles['chipAsk']} onClick={() => { actionOf('playback.askRange').perform(surroundings); }}>{t('timeline.askRange', words)}</button>
        <IconButton small label={t('actions.playback.clearRange')} onClick={() => { setRange(undefined); }}><X size={14} /></IconButton>
      </div>
    </div>
  );
}

function RangeHandle({ end, controller, lanes }: { readonly end: 'start' | 'end'; readonly controller: TimelineController; readonly lanes: RefObject<HTMLElement | null> }) {
  const { t } = useTranslation();
  const { store } = useSurroundings();
  const { setRange, reveal } = useActions();
  const range = useApp((state) => state.range);
  const videoSeconds = controller.frame()?.scene.videoSeconds ?? 0;
  if (range === undefined) return null;
  const seconds = end === 'start' ? range.startSeconds : range.endSeconds;
  const moveTo = (to: number | undefined): void => {
    const now = store.getState().range;
    const length = controller.frame()?.scene.videoSeconds;
    if (to !== undefined && now !== undefined && length !== undefined) setRange(moveRangeEnd(now, end, to, length));
  };
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const handle = event.currentTarget;
    event.stopPropagation();
    handle.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent): void => { if (lanes.current !== null) moveTo(secondsUnder(controller, lanes.current, moved.clientX)); };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', () => { handle.removeEventListener('pointermove', move); }, { once: true });
  };
  const press = (event: KeyboardEvent): void => {
    const frame = controller.frame();
    if (frame === undefined) return;
    if (event.key === 'Escape') { event.preventDefault(); setRange(undefined); return; }
    const step = tickSteps(frame.scene, 84).tickSeconds;
    const to = { ArrowLeft: seconds - step, ArrowDown: seconds - step, ArrowRight: seconds + step, ArrowUp: seconds + step, Home: 0, End: frame.scene.videoSeconds }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    moveTo(to);
    const now = store.getState().range;
    if (now !== undefined) reveal(end === 'start' ? now.startSeconds : now.endSeconds);
  };
  return (
    <div
      className={styles['handle']} data-end={end} role="slider" tabIndex={0} aria-label={t(`timeline.rangeEnd.${end}`)}
      aria-valuemin={0} aria-valuemax={Math.ceil(videoSeconds)} aria-valuenow={Math.round(seconds * 10) / 10} aria-valuetext={formatClock(seconds)}
      onPointerDown={drag} onKeyDown={press}
    />
  );
}
