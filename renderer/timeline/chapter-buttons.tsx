import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/time.ts';
import { toPixels } from '../geometry/view.ts';
import { useActions } from '../store/use-app.ts';
import type { TimelineController } from './controller.ts';
import { useSettledScene } from './use-settled-frame.ts';
import { useWalk } from './use-walk.ts';
import styles from './timeline.module.css';

/** More than anybody walks through, of a file that has a chapter for every minute; zooming in brings them back. */
const atMost = 150;

/** The chapters as buttons over their boxes: one stop of the Tab key, arrows walk among them. */
export function ChapterButtons({ controller }: { readonly controller: TimelineController }) {
  const { t } = useTranslation();
  const { seek } = useActions();
  const scene = useSettledScene(controller);
  const lane = scene?.lanes.chapters;
  const placed = scene === undefined || lane === undefined ? [] : scene.chapters.map((chapter, index) => ({
    ...chapter, number: index + 1, left: Math.max(0, toPixels(scene, chapter.startSeconds)), right: Math.min(scene.width, toPixels(scene, chapter.endSeconds)),
  })).filter(({ left, right }) => right > left).slice(0, atMost);
  const { stop, walk, focus } = useWalk(placed.length);
  if (lane === undefined || placed.length === 0) return null;
  return (
    <div role="toolbar" aria-label={t('chapters.label')} className={styles['marks']} style={{ top: lane.top, height: lane.height }} onKeyDown={walk}>
      {placed.map(({ left, right, number, startSeconds, title }, index) => (
        <button
          key={number} type="button" tabIndex={index === stop ? 0 : -1} className={styles['mark']} style={{ left, width: right - left }} onFocus={() => { focus(index); }}
          aria-label={t('chapters.at', { title: title || t('chapters.untitled', { number }), time: formatClock(startSeconds) })}
          onClick={() => { seek(startSeconds); }}
        />
      ))}
    </div>
  );
}
