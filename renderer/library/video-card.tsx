import { memo, useState, type MouseEvent } from 'react';
import { Check, Ellipsis, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { VideoCard as Video } from '../../engine/protocol/methods-library.ts';
import { EditText } from '../components/edit-text.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { ContextMenu, Menu } from '../components/menu.tsx';
import { formatBytes } from '../format/bytes.ts';
import { formatClock } from '../format/time.ts';
import { encoderInUse } from '../store/models-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { storedBytes, videoStateOf } from '../store/video-state.ts';
import { Poster } from './poster.tsx';
import { stateWords } from './state-words.ts';
import { useVideoEntries } from './use-video-entries.tsx';
import styles from './video-card.module.css';

/** One video of the library: a button that opens it, and a menu of what else can be done. */
export const VideoCard = memo(function VideoCard({ video, tabbable, marked, onPress }: {
  readonly video: Video; readonly tabbable: boolean; /** Chosen together with others. */ readonly marked: boolean; readonly onPress: (event: MouseEvent, videoId: string) => void;
}) {
  const { t, i18n: { language } } = useTranslation();
  const { renameVideo } = useActions();
  const selected = useApp((state) => state.selectedVideoId === video.id && state.surveyPlace === undefined);
  const job = useApp((state) => state.jobs.find(({ videoId }) => videoId === video.id));
  const [renaming, setRenaming] = useState(false);
  const entries = useVideoEntries(video, job, () => { setRenaming(true); });

  const state = videoStateOf(video, job, useApp(encoderInUse));
  const words = stateWords(state, t, language);
  const bytes = storedBytes(video);
  const details = [words, ...(state.kind === 'ready' && bytes > 0 ? [formatBytes(bytes, language)] : [])].join(' · ');
  const share = state.kind === 'encoding' || state.kind === 'paused' ? state.share : undefined;
  const duration = video.durationSeconds === undefined ? undefined : formatClock(video.durationSeconds);

  return (
    <ContextMenu entries={entries}>
      <div className={styles['card']} data-selected={selected ? '' : undefined} data-marked={marked ? '' : undefined}>
        {!renaming && (
          <button
            type="button" className={styles['open']} data-row={video.id} tabIndex={tabbable ? 0 : -1} aria-current={selected ? 'true' : undefined}
            aria-label={[video.title, duration, details, marked ? t('library.folder.isMarked') : undefined].filter((part) => part !== undefined).join(', ')}
            title={state.kind === 'failed' ? state.message : video.title}
            onClick={(event) => { onPress(event, video.id); }}
          />
        )}
        <span className={styles['picture']} aria-hidden="true">
          <Poster resource={`poster/${video.id}`} />
          {marked && <span className={styles['check']}><Check size={14} /></span>}
          {duration !== undefined && <span className={styles['duration']}>{duration}</span>}
          {share !== undefined && <span className={styles['share']}><span style={{ transform: `scaleX(${share})` }} /></span>}
        </span>
        <span className={styles['words']} aria-hidden={!renaming}>
          {renaming
            ? <EditText value={video.title} label={t('library.renameLabel')} onDone={(title) => { setRenaming(false); if (title !== undefined) void renameVideo(video.id, title); }} />
            : <span className={styles['title']}>{video.title}</span>}
          <span className={styles['details']} data-kind={state.kind}>
            {(state.kind === 'failed' || state.kind === 'missing' || state.kind === 'damaged') && <TriangleAlert size={14} />}
            <span className={styles['state']}>{details}</span>
          </span>
        </span>
        <span className={styles['more']}>
          <Menu entries={entries}>
            <IconButton small label={t('library.more', { title: video.title })} tabIndex={tabbable ? 0 : -1}><Ellipsis size={16} /></IconButton>
          </Menu>
        </span>
      </div>
    </ContextMenu>
  );
});
