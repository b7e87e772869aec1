import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/time.ts';
import type { AppState } from '../store/app-store.ts';
import { shownSeconds } from '../store/player-slice.ts';
import { useActions, useSurroundings } from '../store/use-app.ts';
import styles from './player.module.css';

/** The whole video as a line under the picture. It moves without React. */
export function ScrubLine() {
  const { t } = useTranslation();
  const { store } = useSurroundings();
  const { seek } = useActions();
  const slider = useRef<HTMLDivElement>(null);
  const done = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (state: AppState): void => {
      const length = shownSeconds(state);
      const { currentSeconds } = state;
      done.current?.style.setProperty('width', `${length > 0 ? Math.min(100, (currentSeconds / length) * 100) : 0}%`);
      slider.current?.setAttribute('aria-valuemax', String(Math.ceil(length)));
      slider.current?.setAttribute('aria-valuenow', String(Math.floor(Math.min(currentSeconds, length))));
      slider.current?.setAttribute('aria-valuetext', t('timeline.positionValue', { time: formatClock(currentSeconds), length: formatClock(length) }));
    };
    show(store.getState());
    return store.subscribe((state, before) => {
      if (state.currentSeconds !== before.currentSeconds || shownSeconds(state) !== shownSeconds(before)) show(state);
    });
  }, [store, t]);
  const press = (event: PointerEvent<HTMLDivElement>): void => {
    const line = event.currentTarget;
    const go = (clientX: number): void => {
      const { left, width } = line.getBoundingClientRect();
      seek(Math.max(0, Math.min((clientX - left) / width, 1)) * shownSeconds(store.getState()));
    };
    line.setPointerCapture(event.pointerId);
    go(event.clientX);
    const move = (moved: globalThis.PointerEvent): void => { go(moved.clientX); };
    line.addEventListener('pointermove', move);
    line.addEventListener('lostpointercapture', () => { line.removeEventListener('pointermove', move); }, { once: true });
  };
  const walk = (event: KeyboardEvent): void => {
    if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    const { currentSeconds } = store.getState();
    const to = { ArrowLeft: currentSeconds - 5, ArrowDown: currentSeconds - 5, ArrowRight: currentSeconds + 5, ArrowUp: currentSeconds + 5, PageUp: currentSeconds - 60, PageDown: currentSeconds + 60, Home: 0, End: shownSeconds(store.getState()) }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    seek(to);
  };
  return (
    <div ref={slider} className={styles['scrub']} role="slider" tabIndex={0} aria-label={t('player.position')} aria-valuemin={0} aria-valuemax={0} aria-valuenow={0} onPointerDown={press} onKeyDown={walk}>
      <div className={styles['track']}><div ref={done} className={styles['done']} /></div>
    </div>
  );
}
