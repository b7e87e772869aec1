import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/time.ts';
import { useActions } from '../store/use-app.ts';
import { landingOf } from '../store/marks.ts';
import type { TimelineController } from './controller.ts';
import { leastMarkPixels } from './draw-marks.ts';
import { placeMarks } from './place-marks.ts';
import { useSettledScene } from './use-settled-frame.ts';
import { useWalk } from './use-walk.ts';
import styles from './timeline.module.css';

/** More buttons than this in view are more than anybody walks through; zooming in brings them back. */
const atMost = 150;

/** The times that answers name, as buttons over their marks: one stop of the Tab key, arrows walk among them. */
export function MarkButtons({ controller }: { readonly controller: TimelineController }) {
  const { t } = useTranslation();
  const { seek, selectAnswer } = useActions();
  const scene = useSettledScene(controller);
  const lane = scene?.lanes.marks;
  const placed = scene === undefined || lane === undefined ? [] : placeMarks(scene, scene.marks, leastMarkPixels).slice(0, atMost);
  const { stop, walk, focus } = useWalk(placed.length);
  if (lane === undefined || placed.length === 0) return null;
  return (
    <div role="toolbar" aria-label={t('timeline.marks')} className={styles['marks']} style={{ top: lane.top - 2, height: lane.height + 4 }} onKeyDown={walk}>
      {placed.map(({ left, width, marks: [mark, ...others] }, index) => (
        <button
          key={`${mark.answerId} ${mark.startSeconds} ${mark.endSeconds}`} type="button" tabIndex={index === stop ? 0 : -1}
          className={styles['mark']} style={{ left: left - 2, width: width + 4 }} onFocus={() => { focus(index); }}
          aria-label={t(mark.verified ? 'timeline.mark' : 'timeline.markUnverified', { time: formatClock(mark.startSeconds), count: others.length })}
          onClick={() => { selectAnswer(mark.answerId); seek(landingOf(mark)); }}
        />
      ))}
    </div>
  );
}
