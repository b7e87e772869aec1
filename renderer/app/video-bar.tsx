import { PanelLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/icon-button.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './video-bar.module.css';

/** Over the picture: what is shown, and where the library is when it is away. */
export function VideoBar() {
  const { t } = useTranslation();
  const { toggleRail } = useActions();
  const title = useApp((state) => state.videos.find(({ id }) => id === state.selectedVideoId)?.title ?? '');
  const railCollapsed = useApp((state) => state.railCollapsed);
  return (
    <header className={styles['bar']}>
      {railCollapsed && <IconButton label={t('actions.view.toggleRail')} onClick={toggleRail}><PanelLeft size={18} /></IconButton>}
      <h1 className={styles['title']} title={title}>{title}</h1>
    </header>
  );
}
