import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/time.ts';
import { extendRange, leastRangeSeconds, lengthOf } from '../geometry/range.ts';
import { useSurroundings } from '../store/use-app.ts';
import type { TimelineController } from './controller.ts';
import { pressTimeline } from './pointer.ts';
import { tickSteps } from './ticks.ts';
import styles from './timeline.module.css';

/** What is under the pointer and has the keyboard: the playhead, as a slider over the whole video. */
export function Surface({ controller }: { readonly controller: TimelineController }) {
  const { t } = useTranslation();
  const { store } = useSurroundings();
  const slider = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let said = -1;
    let length = -1;
    return controller.onFrame(({ scene, currentSeconds }) => {
      const element = slider.current;
      const seconds = Math.floor(currentSeconds);
      if (element === null || (seconds === said && scene.videoSeconds === length)) return;
      said = seconds;
      length = scene.videoSeconds;
      element.setAttribute('aria-valuemax', String(Math.ceil(length)));
      element.setAttribute('aria-valuenow', String(Math.min(seconds, Math.ceil(length))));
      element.setAttribute('aria-valuetext', t('timeline.positionValue', { time: formatClock(seconds), length: formatClock(length) }));
    });
  }, [controller, t]);

  const press = (event: KeyboardEvent): void => {
    const frame = controller.frame();
    if (frame === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { scene } = frame;
    const { seek, zoom, setRange, setView, range, currentSeconds } = store.getState();
    const tick = tickSteps(scene, 84).tickSeconds;
    const step = event.shiftKey ? Math.max(leastRangeSeconds, tick) : tick;
    const page = lengthOf(scene.view);
    const to = { ArrowLeft: currentSeconds - step, ArrowRight: currentSeconds + step, ArrowDown: currentSeconds - step, ArrowUp: currentSeconds + step, PageUp: currentSeconds - page, PageDown: currentSeconds + page, Home: 0, End: scene.videoSeconds }[event.key];
    if (to !== undefined) {
      seek(to);
      if (event.shiftKey) setRange(extendRange(range, currentSeconds, store.getState().currentSeconds, scene.videoSeconds));
    } else if (event.key === '+' || event.key === '=') zoom(2);
    else if (event.key === '-' || event.key === '_') zoom(0.5);
    else if (event.key === '0') setView(undefined);
    else if (event.key === 'Escape' && range !== undefined) setRange(undefined);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={slider} className={styles['surface']} role="slider" tabIndex={0} aria-label={t('timeline.position')} aria-describedby="timeline-keys"
      aria-valuemin={0} aria-valuemax={0} aria-valuenow={0}
      onPointerDown={(event) => { pressTimeline(event, controller, store); }} onKeyDown={press}
    />
  );
}
