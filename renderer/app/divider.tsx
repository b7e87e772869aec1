import type { KeyboardEvent, PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { paneLimits, type PaneSizes } from '../store/layout-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './divider.module.css';

const keyboardStepPixels = 16;

/** The line between two panes; it is dragged, or moved with the arrow keys. `side`: where the pane that it sizes lies. */
export function Divider({ pane, side }: { readonly pane: keyof PaneSizes; readonly side: 'left' | 'right' | 'bottom' }) {
  const { t } = useTranslation();
  const { resize, settle } = useActions();
  const pixels = useApp((state) => state[pane]);
  const vertical = side !== 'bottom';
  const growsWith = side === 'left' ? 1 : -1;

  const startDrag = (event: PointerEvent<HTMLDivElement>): void => {
    event.preventDefault();
    const line = event.currentTarget;
    line.setPointerCapture(event.pointerId);
    const from = vertical ? event.clientX : event.clientY;
    // A small window shows a pane narrower than it is kept.
    const before = vertical ? line.parentElement?.offsetWidth ?? pixels : pixels;
    const move = (moved: globalThis.PointerEvent): void => { resize(pane, before + growsWith * ((vertical ? moved.clientX : moved.clientY) - from)); };
    line.addEventListener('pointermove', move);
    line.addEventListener('lostpointercapture', () => { line.removeEventListener('pointermove', move); settle(); }, { once: true });
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined || (event.key === 'ArrowLeft' || event.key === 'ArrowRight') !== vertical) return;
    event.preventDefault();
    resize(pane, pixels + step * growsWith * keyboardStepPixels);
    settle();
  };

  return (
    <div
      className={styles['divider']} data-side={side} role="separator" tabIndex={0} aria-orientation={vertical ? 'vertical' : 'horizontal'}
      aria-label={t(`app.divider.${pane}`)} aria-valuenow={pixels} aria-valuemin={paneLimits[pane].least} aria-valuemax={paneLimits[pane].most}
      onPointerDown={startDrag} onKeyDown={press}
    />
  );
}
