import { ListVideo, Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { actionOf } from '../actions/table.ts';
import { keysOf } from '../actions/action.ts';
import { IconButton } from '../components/icon-button.tsx';
import { formatClock } from '../format/time.ts';
import { useApp, useSurroundings } from '../store/use-app.ts';
import type { TimelineController } from './controller.ts';
import { toolbarHeight } from './lanes.ts';
import { Overview } from './overview.tsx';
import styles from './timeline.module.css';

/** Under the lanes: which part is shown, the whole, and the zoom. */
export function Toolbar({ controller }: { readonly controller: TimelineController }) {
  const { t } = useTranslation();
  const isWhole = useApp((state) => state.view === undefined);
  const times = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let said = '';
    return controller.onFrame(({ scene: { view } }) => {
      const text = `${formatClock(view.startSeconds)} – ${formatClock(view.endSeconds)}`;
      if (text === said || times.current === null) return;
      said = text;
      times.current.textContent = text;
    });
  }, [controller]);
  return (
    <div className={styles['toolbar']} style={{ height: toolbarHeight }}>
      <span ref={times} className={styles['times']} />
      <Overview controller={controller} />
      <ActionButton id="chapters.show"><ListVideo size={15} /></ActionButton>
      <ActionButton id="playback.zoomOut" disabled={isWhole}><ZoomOut size={15} /></ActionButton>
      <ActionButton id="playback.zoomIn"><ZoomIn size={15} /></ActionButton>
      <ActionButton id="playback.zoomWhole" disabled={isWhole}><Maximize2 size={14} /></ActionButton>
      <p id="timeline-keys" className="visually-hidden">{t('timeline.keys')}</p>
    </div>
  );
}

function ActionButton({ id, disabled = false, children }: { readonly id: string; readonly disabled?: boolean; readonly children: React.ReactNode }) {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const bindings = useApp((state) => state.bindings);
  const action = actionOf(id);
  return <IconButton small label={t(`actions.${id}`)} keys={keysOf(action, bindings)} disabled={disabled} onClick={() => { action.perform(surroundings); }}>{children}</IconButton>;
}
