import { useEffect, useRef, useState, type MouseEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { menuEntries } from '../actions/menu-entries.ts';
import { timelineMenu } from '../actions/menu-layout.ts';
import { ContextMenu } from '../components/menu.tsx';
import { useSurroundings } from '../store/use-app.ts';
import { useTimelineData } from '../store/use-timeline-data.ts';
import { createController, type TimelineController } from './controller.ts';
import { ChapterButtons } from './chapter-buttons.tsx';
import { HoverCard } from './hover-card.tsx';
import { toolbarHeight } from './lanes.ts';
import { MarkButtons } from './mark-buttons.tsx';
import { Playhead } from './playhead.tsx';
import { secondsUnder, wheelTimeline } from './pointer.ts';
import { RangeControl } from './range-control.tsx';
import { Surface } from './surface.tsx';
import { Toolbar } from './toolbar.tsx';
import styles from './timeline.module.css';

/** The hour at a glance: a canvas, and over it what the pointer and the keyboard take hold of. */
export function Timeline({ height }: { readonly height: number }) {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const { store, shell } = surroundings;
  const lanes = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [controller, setController] = useState<TimelineController>();
  const lookedAt = t('timeline.lookedAt');
  useTimelineData();
  useEffect(() => {
    if (canvas.current === null) return;
    const made = createController(canvas.current, store, (resource) => shell.mediaAddress(resource), { lookedAt: '' });
    setController(made);
    return () => { made.close(); };
  }, [store, shell]);
  useEffect(() => { controller?.setWords({ lookedAt }); }, [controller, lookedAt]);
  useEffect(() => {
    const element = lanes.current;
    if (element === null || controller === undefined) return;
    const wheel = (event: WheelEvent): void => { wheelTimeline(event, element, controller, store); };
    // React's own listener is passive and could not keep the page from scrolling or zooming.
    element.addEventListener('wheel', wheel, { passive: false });
    return () => { element.removeEventListener('wheel', wheel); };
  }, [controller, store]);

  const hover = (event: PointerEvent<HTMLElement>): void => {
    if (controller !== undefined && lanes.current !== null && event.pointerType === 'mouse') controller.hover(secondsUnder(controller, lanes.current, event.clientX));
  };
  /** What a menu does "here" is done where the pointer is; one that the keyboard opened, where the playhead stands. */
  const seekUnder = (event: MouseEvent<HTMLElement>): void => {
    const seconds = controller === undefined || event.button !== 2 ? undefined : secondsUnder(controller, event.currentTarget, event.clientX);
    if (seconds !== undefined) store.getState().seek(seconds);
  };
  return (
    <section className={styles['timeline']} style={{ height }} aria-label={t('timeline.label')}>
      <ContextMenu entries={() => menuEntries(timelineMenu, t, surroundings)}>
        <div ref={lanes} className={styles['lanes']} onContextMenu={seekUnder} onPointerMove={hover} onPointerLeave={() => { controller?.hover(undefined); }}>
          <canvas ref={canvas} className={styles['canvas']} aria-hidden="true" />
          {controller !== undefined && (
            <>
              <Surface controller={controller} />
              <RangeControl controller={controller} lanes={lanes} />
              <MarkButtons controller={controller} />
              <ChapterButtons controller={controller} />
              <Playhead controller={controller} />
              <HoverCard controller={controller} />
            </>
          )}
        </div>
      </ContextMenu>
      {controller === undefined ? <div className={styles['toolbar']} style={{ height: toolbarHeight }} /> : <Toolbar controller={controller} />}
    </section>
  );
}
