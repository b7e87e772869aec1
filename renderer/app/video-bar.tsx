import { useState } from 'react';
import { Ellipsis, PanelLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { EditText } from '../components/edit-text.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { Menu } from '../components/menu.tsx';
import { useVideoEntries } from '../library/use-video-entries.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import { StateChip } from './state-chip.tsx';
import styles from './video-bar.module.css';

/** Over the picture: what is shown, how far it is encoded, and what can be done with it. */
export function VideoBar() {
  const { t } = useTranslation();
  const { toggleRail, renameVideo } = useActions();
  const video = useApp((state) => state.videos.find(({ id }) => id === state.selectedVideoId));
  const job = useApp((state) => state.jobs.find(({ videoId }) => videoId === state.selectedVideoId));
  const railCollapsed = useApp((state) => state.railCollapsed);
  const [renaming, setRenaming] = useState(false);
  const entries = useVideoEntries(video, job, () => { setRenaming(true); });
  const title = video?.title ?? '';
  return (
    <header className={styles['bar']}>
      {railCollapsed && <IconButton label={t('library.show')} onClick={toggleRail}><PanelLeft size={16} /></IconButton>}
      <h1 className={styles['title']} title={title} onDoubleClick={() => { setRenaming(true); }}>
        {renaming && video !== undefined
          ? <EditText value={title} label={t('library.renameLabel')} onDone={(changed) => { setRenaming(false); if (changed !== undefined) void renameVideo(video.id, changed); }} />
          : title}
      </h1>
      {video !== undefined && <StateChip video={video} job={job} />}
      <Menu entries={entries}><IconButton label={t('library.more', { title })}><Ellipsis size={16} /></IconButton></Menu>
    </header>
  );
}
