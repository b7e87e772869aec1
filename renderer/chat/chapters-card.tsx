import { ListVideo } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import { useChapterJob } from '../store/use-chapter-job.ts';
import styles from './empty-conversation.module.css';

/** Before the first question: what the video is about, and its chapters; or the way to have them. */
export function ChaptersCard() {
  const { t } = useTranslation();
  const { makeChapters, stopChapters, showDialog } = useActions();
  const job = useChapterJob();
  const known = useApp((state) => state.chapters !== undefined);
  const summary = useApp((state) => state.chapters?.summary ?? '');
  const count = useApp((state) => state.chapters?.chapters.length ?? 0);
  const isWhole = useApp((state) => state.memory?.state === 'complete');
  if (!known) return null;
  const making = job?.state === 'making' || job?.state === 'waiting';
  return (
    <>
      {summary !== '' && <p>{summary}</p>}
      {making && (
        <div className={styles['progress']}>
          <ProgressBar share={job.share} label={t('chapters.making')} />
          <p className={styles['figures']}><span>{job.words}</span><span>{job.left}</span></p>
        </div>
      )}
      {job !== undefined && !making && <p className={styles['text']}>{job.words}</p>}
      <div className={styles['ways']}>
        {count > 0 && <Button icon={<ListVideo size={15} />} onClick={() => { showDialog({ kind: 'chapters' }); }}>{t('chapters.count', { count })}</Button>}
        {making ? <Button onClick={() => { void stopChapters(); }}>{t('chapters.stop')}</Button>
          : isWhole && (count === 0 || job !== undefined) && <Button onClick={() => { void makeChapters(); }}>{t(job === undefined ? 'chapters.offer' : 'chapters.goOn')}</Button>}
      </div>
    </>
  );
}
