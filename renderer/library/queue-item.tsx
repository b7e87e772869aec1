import { Ellipsis, Pause, Play, RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { QueueJob } from '../../engine/protocol/methods-library.ts';
import { IconButton } from '../components/icon-button.tsx';
import { Menu } from '../components/menu.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { formatBytes, formatShare } from '../format/bytes.ts';
import { providerName } from '../format/provider-name.ts';
import { withoutFolders } from '../format/paths.ts';
import { formatLeft } from '../format/time.ts';
import { errorWords } from '../i18n/error-words.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { failureOf, holdUpOf } from '../store/video-state.ts';
import styles from './queue-item.module.css';

/** An encode: what it is doing, how far it is, how long it still takes and on what. */
export function QueueItem({ job, first, last, onMove }: { readonly job: QueueJob; readonly first: boolean; readonly last: boolean; readonly onMove: (step: -1 | 1) => void }) {
  const { t, i18n: { language } } = useTranslation();
  const { pauseJob, resumeJob, cancelJob, selectVideo } = useActions();
  const forecast = useApp((state) => state.forecasts[job.videoId]);
  const { id, title, state, stage, share, etaSeconds, provider } = job;
  const failure = failureOf(job);
  const holdsUp = useApp(({ jobs }) => holdUpOf(jobs)?.id === id);
  const missing = useApp((app) => state === 'failed' && app.videos.find((video) => video.id === job.videoId)?.present === false);
  const active = state === 'running' || state === 'queued';

  const facts = [
    state === 'running' ? t(stage === 'encode' ? 'library.stage.encode' : 'library.stage.prepare') : t(`library.jobState.${state}`),
    ...(share !== null && (state === 'running' || share > 0) ? [formatShare(share, language)] : []),
    ...(etaSeconds !== null ? [t('library.left', { time: formatLeft(etaSeconds, language) })] : []),
    ...(state === 'queued' && forecast !== undefined && forecast.encodeSeconds !== null ? [t('library.about', { time: formatLeft(forecast.encodeSeconds, language) })] : []),
    ...(state === 'queued' && forecast !== undefined && forecast.diskBytes !== null ? [formatBytes(forecast.diskBytes, language)] : []),
    ...(provider !== null ? [providerName(provider)] : []),
  ];

  return (
    <>
      <div className={styles['line']}>
        <button type="button" className={styles['title']} title={title} onClick={() => { selectVideo(job.videoId); }}>{title}</button>
        {missing || holdsUp ? null : active
          ? <IconButton small label={t('library.pauseNamed', { title })} onClick={() => { void pauseJob(id); }}><Pause size={14} /></IconButton>
          : <IconButton small label={t(state === 'paused' ? 'library.resumeNamed' : 'library.retryNamed', { title })} onClick={() => { void resumeJob(id); }}>{state === 'paused' ? <Play size={14} /> : <RotateCw size={14} />}</IconButton>}
        <Menu entries={[
          { label: t('library.moveUp'), keys: 'Alt+ArrowUp', disabled: first, perform: () => { onMove(-1); } },
          { label: t('library.moveDown'), keys: 'Alt+ArrowDown', disabled: last, perform: () => { onMove(1); } },
          'separator',
          { label: t('library.stop'), danger: true, perform: () => { void cancelJob(id); } },
        ]}
        >
          <IconButton small label={t('library.moreOfJob', { title })}><Ellipsis size={14} /></IconButton>
        </Menu>
      </div>
      {state !== 'failed' && <div className={styles['bar']} data-state={state}><ProgressBar share={state === 'running' && stage !== 'encode' ? undefined : share ?? 0} label={t('library.progressOf', { title })} /></div>}
      {holdsUp ? (
        <p className={styles['holdUp']}>
          {t(last ? 'library.holdUp.text' : 'library.holdUp.textBefore')} <button type="button" className={styles['goOn']} onClick={() => { void resumeJob(id); }}>{t('library.holdUp.goOn')}</button>
        </p>
      ) : failure === undefined
        ? <p className={styles['facts']} title={facts.join(' · ')}>{facts.join(' · ')}</p>
        : <p className={styles['error']} title={errorWords(t, failure)}>{withoutFolders(errorWords(t, failure))}</p>}
    </>
  );
}
