import { Pause, Play, RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { QueueJob, VideoCard } from '../../engine/protocol/methods-library.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { chipWords } from '../library/state-words.ts';
import { encoderInUse } from '../store/models-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { videoStateOf } from '../store/video-state.ts';
import styles from './state-chip.module.css';

/** The state of the video that is shown, and the one thing to do about it; for one whose file is missing that stands over the picture. A ready one has nothing to say. */
export function StateChip({ video, job }: { readonly video: VideoCard; readonly job: QueueJob | undefined }) {
  const { t, i18n: { language } } = useTranslation();
  const { pauseJob, resumeJob, encodeVideo } = useActions();
  const state = videoStateOf(video, job, useApp(encoderInUse));
  if (state.kind === 'ready') return null;
  const words = chipWords(state, t, language);
  const act = (label: string, perform: () => void): React.ReactNode => <Button onClick={perform}>{label}</Button>;
  return (
    <>
      <span className={styles['chip']} data-kind={state.kind} title={state.kind === 'failed' ? state.message : undefined}>{words}</span>
      {job !== undefined && (state.kind === 'encoding' || state.kind === 'preparing' || state.kind === 'waiting')
        && <IconButton small label={t('library.pause')} onClick={() => { void pauseJob(job.id); }}><Pause size={14} /></IconButton>}
      {job !== undefined && state.kind === 'paused' && <IconButton small label={t('library.resume')} onClick={() => { void resumeJob(job.id); }}><Play size={14} /></IconButton>}
      {job !== undefined && state.kind === 'failed' && <IconButton small label={t('library.retry')} onClick={() => { void resumeJob(job.id); }}><RotateCw size={14} /></IconButton>}
      {(state.kind === 'partly' || state.kind === 'new' || state.kind === 'damaged' || state.kind === 'other') && act(t('library.encode'), () => { void encodeVideo(video.id); })}
    </>
  );
}
