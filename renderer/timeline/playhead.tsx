import { useEffect, useRef } from 'react';
import { toPixels } from '../geometry/view.ts';
import type { TimelineController } from './controller.ts';
import styles from './timeline.module.css';

/** The line at the moment that is played. It is moved, never drawn. */
export function Playhead({ controller }: { readonly controller: TimelineController }) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => controller.onFrame(({ scene, currentSeconds }) => {
    if (line.current === null) return;
    const pixels = toPixels(scene, currentSeconds);
    line.current.style.transform = `translateX(${pixels.toFixed(2)}px)`;
    line.current.style.visibility = pixels >= -1 && pixels <= scene.width + 1 ? '' : 'hidden';
  }), [controller]);
  return <div ref={line} className={styles['playhead']} aria-hidden="true" />;
}
