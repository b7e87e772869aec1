import { useState } from 'react';
import { Pause, Play, RotateCw, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ModelJobView } from '../../engine/protocol/methods-models.ts';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { errorWords } from '../i18n/error-words.ts';
import { useActions } from '../store/use-app.ts';
import { jobFacts, jobShare } from './job-words.ts';
import { TokenForm } from './token-form.tsx';
import { useModelTitle } from '../store/use-model-title.ts';
import styles from './models.module.css';

/** One model on its way: stage, how far, how fast; why it stopped, and what helps. */
export function ModelJob({ job }: { readonly job: ModelJobView }) {
  const { t, i18n: { language } } = useTranslation();
  const { pauseModelJob, resumeModelJob, cancelModelJob, showDialog } = useActions();
  const titleOf = useModelTitle();
  const [cancelling, setCancelling] = useState(false);
  const { id, state, error, weights, from } = job;
  const name = titleOf(job.name);
  const facts = jobFacts(job, t, language);
  const denied = state === 'failed' && error?.code === 'access-denied';
  return (
    <>
      <div className={styles['line']}>
        <span className={styles['name']}>{name}</span>
        <span className={styles['tag']}>{weights}</span>
        <span className={styles['rest']} />
        {(state === 'running' || state === 'queued') && <IconButton small label={t('models.jobs.pause', { name })} onClick={() => { void pauseModelJob(id); }}><Pause size={14} /></IconButton>}
        {state === 'paused' && <IconButton small label={t('models.jobs.resume', { name })} onClick={() => { void resumeModelJob(id); }}><Play size={14} /></IconButton>}
        {state === 'failed' && !denied && <Button icon={<RotateCw size={14} />} onClick={() => { void resumeModelJob(id); }}>{t('models.tryAgain')}</Button>}
        <IconButton small label={t('models.jobs.cancel', { name })} onClick={() => { setCancelling(true); }}><X size={14} /></IconButton>
      </div>
      {(state === 'running' || state === 'queued') && <ProgressBar share={state === 'running' ? jobShare(job) : 0} label={t('models.jobs.progressOf', { name })} />}
      {facts.length > 0 && <p className={`${styles['facts']} numbers`}>{facts.join(' · ')}</p>}
      <p className={styles['facts']}>{job.commit === null ? from : t('models.atCommit', { from, commit: job.commit.slice(0, 12) })}</p>
      {state === 'failed' && error !== null && <p className={styles['error']} role="alert">{errorWords(t, error)}</p>}
      {denied && <TokenForm onToken={(token) => { void resumeModelJob(id, token); }} />}
      {error?.code === 'disk-full' && <div className={styles['buttons']}><Button onClick={() => { showDialog({ kind: 'settings', page: 'storage' }); }}>{t('models.toStorage')}</Button></div>}
      {cancelling && (
        <ConfirmDialog title={t('models.jobs.cancelTitle', { name })} yes={t('models.jobs.cancelYes')} onYes={() => { void cancelModelJob(id); }} onClose={() => { setCancelling(false); }}>
          {t('models.jobs.cancelText')}
        </ConfirmDialog>
      )}
    </>
  );
}
