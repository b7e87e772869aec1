import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../store/use-app.ts';
import { QueueItem } from './queue-item.tsx';
import { placeAfterMove } from './queue-order.ts';
import styles from './queue-section.module.css';

/** Encodes that wait, run or want a decision. They are put in another order by dragging, or with Alt and the arrow keys. */
export function QueueSection() {
  const { t } = useTranslation();
  const { moveJob } = useActions();
  const jobs = useApp((state) => state.jobs);
  const [dragged, setDragged] = useState<string>();
  const [over, setOver] = useState<string>();
  if (jobs.length === 0) return null;

  const order = jobs.map(({ id }) => id);
  const moveBy = (jobId: string, step: -1 | 1): void => {
    const place = placeAfterMove(order, jobId, step);
    if (place !== undefined) void moveJob(jobId, place.beforeId);
  };
  const press = (event: KeyboardEvent, jobId: string): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    moveBy(jobId, event.key === 'ArrowUp' ? -1 : 1);
  };

  return (
    <section className={styles['queue']} aria-label={t('library.queue')}>
      <h2 className={styles['title']}>{t('library.queue')}<span className={styles['count']}>{jobs.length}</span></h2>
      <ol>
        {jobs.map((job, index) => (
          <li
            key={job.id} className={styles['item']} data-over={over === job.id && dragged !== job.id ? '' : undefined} draggable={jobs.length > 1}
            onKeyDown={(event) => { press(event, job.id); }}
            onDragStart={(event) => { event.dataTransfer.effectAllowed = 'move'; setDragged(job.id); }}
            onDragEnd={() => { setDragged(undefined); setOver(undefined); }}
            onDragOver={(event) => { if (dragged !== undefined) { event.preventDefault(); setOver(job.id); } }}
            onDrop={(event) => {
              if (dragged === undefined || dragged === job.id) return;
              event.preventDefault();
              // Dropped on one that stands behind it, it goes behind that one.
              void moveJob(dragged, order.indexOf(dragged) < index ? order[index + 1] : job.id);
            }}
          >
            <QueueItem job={job} first={index === 0} last={index === jobs.length - 1} onMove={(step) => { moveBy(job.id, step); }} />
          </li>
        ))}
      </ol>
    </section>
  );
}
