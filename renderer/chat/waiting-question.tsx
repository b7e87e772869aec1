import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { formatLeft } from '../format/time.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { RangeChip } from './range-chip.tsx';
import styles from './waiting-question.module.css';

/** A question that is asked as soon as its video is encoded, and the choice not to wait for that. */
export function WaitingQuestion() {
  const { t, i18n: { language } } = useTranslation();
  const { askWaiting, discardWaiting } = useActions();
  const waiting = useApp((state) => state.waitingQuestion?.videoId === state.selectedVideoId ? state.waitingQuestion : undefined);
  const etaSeconds = useApp((state) => state.jobs.find(({ videoId }) => videoId === state.selectedVideoId)?.etaSeconds ?? undefined);
  const canAsk = useApp((state) => (state.memory?.frameCount ?? 0) > 0);
  if (waiting === undefined) return null;
  const { question, range } = waiting;
  return (
    <section className={styles['waiting']} aria-label={t('chat.waitingQuestion.label')}>
      <div className={styles['words']}>
        {range !== undefined && <RangeChip range={range} />}
        <p className={styles['question']}>{question}</p>
        <p className={styles['when']}>{etaSeconds === undefined ? t('chat.waitingQuestion.text') : t('chat.waitingQuestion.textLeft', { time: formatLeft(etaSeconds, language) })}</p>
      </div>
      {canAsk && <Button look="quiet" onClick={() => { void askWaiting(); }}>{t('chat.waitingQuestion.now')}</Button>}
      <IconButton small label={t('chat.waitingQuestion.discard')} onClick={discardWaiting}><X size={14} /></IconButton>
    </section>
  );
}
