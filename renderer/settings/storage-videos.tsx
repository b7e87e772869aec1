import { useState, type ReactNode } from 'react';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { VideoCard } from '../../engine/protocol/methods-library.ts';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { Section } from '../components/section.tsx';
import { formatBytes } from '../format/bytes.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { storedBytes } from '../store/video-state.ts';
import { damagedVideos, largestFirst } from './stored-videos.ts';
import styles from './storage-page.module.css';

/** What each video takes, damaged memories first, and those that were removed and are still there. */
export function StoredVideos() {
  const { t, i18n: { language } } = useTranslation();
  const { deleteVideos, restoreVideo, encodeVideo } = useActions();
  const videos = useApp((state) => state.videos);
  const removed = useApp((state) => state.removedVideos);
  const [deleting, setDeleting] = useState<readonly VideoCard[]>();
  const [damaged, listed] = [damagedVideos(videos), largestFirst(videos)];
  const bytes = deleting?.reduce((sum, video) => sum + storedBytes(video), 0) ?? 0;
  const item = (video: VideoCard, more: ReactNode): ReactNode => (
    <li key={video.id} className={styles['item']}>
      <span className={styles['title']} title={video.title}>{video.title}</span>
      <span className={styles['fact']}>{formatBytes(storedBytes(video), language)}</span>
      {more}
      <IconButton small label={t('settings.storage.deleteNamed', { title: video.title })} onClick={() => { setDeleting([video]); }}><Trash2 size={14} /></IconButton>
    </li>
  );
  return (
    <>
      {damaged.length > 0 && (
        <Section title={t('settings.storage.damaged')} hint={t('settings.storage.damagedHint')}>
          <ul className={styles['list']}>
            {damaged.map((video) => item(video, <Button disabled={!video.present} onClick={() => { void encodeVideo(video.id); }}>{t('settings.storage.encodeAgain')}</Button>))}
          </ul>
        </Section>
      )}
      <Section title={t('settings.storage.videos')}>
        {listed.length === 0 ? <p className={styles['empty']}>{t('settings.storage.noVideos')}</p> : <ul className={styles['list']}>{listed.map((video) => item(video, null))}</ul>}
      </Section>
      {removed.length > 0 && (
        <Section
          title={t('settings.storage.removed')} hint={t('settings.storage.removedHint')}
          aside={<Button look="danger" onClick={() => { setDeleting(removed); }}>{t('settings.storage.deleteAll')}</Button>}
        >
          <ul className={styles['list']}>
            {removed.map((video) => item(video, <Button onClick={() => { void restoreVideo(video.id); }}>{t('settings.storage.restore')}</Button>))}
          </ul>
        </Section>
      )}
      {deleting !== undefined && (
        <ConfirmDialog
          title={deleting.length === 1 ? t('settings.storage.deleteTitle', { title: deleting[0]?.title }) : t('settings.storage.deleteTitleMany', { count: deleting.length })}
          yes={t('settings.storage.delete')} onYes={() => { void deleteVideos(deleting.map(({ id }) => id)); }} onClose={() => { setDeleting(undefined); }}
        >
          {t('settings.storage.deleteText', { size: formatBytes(bytes, language) })}
        </ConfirmDialog>
      )}
    </>
  );
}
