import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './library-rail.module.css';

/** The library: every video, and what is being encoded. */
export function LibraryRail({ width }: { readonly width: number }) {
  const { t } = useTranslation();
  const { selectVideo } = useActions();
  const videos = useApp((state) => state.videos);
  return (
    <nav className={styles['rail']} style={{ width }} aria-label={t('library.label')}>
      <ul>{videos.map((video) => <li key={video.id}><button type="button" onClick={() => { selectVideo(video.id); }}>{video.title}</button></li>)}</ul>
    </nav>
  );
}
