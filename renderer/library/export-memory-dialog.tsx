import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { DialogBody, DialogFooter, DialogFrame } from '../components/dialog.tsx';
import { Facts } from '../components/facts.tsx';
import { Switch } from '../components/switch.tsx';
import { formatBytes } from '../format/bytes.ts';
import { formatDuration } from '../format/time.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { exportedMemory } from '../store/video-state.ts';
import styles from './export-memory-dialog.module.css';

/** What goes into the file, how large it is, and whether the conversations go along. */
export function ExportMemoryDialog({ videoId }: { readonly videoId: string }) {
  const { t, i18n: { language } } = useTranslation();
  const { showDialog, exportMemory } = useActions();
  const video = useApp((state) => state.videos.find(({ id }) => id === videoId));
  const [chats, setChats] = useState(true);
  const close = (): void => { showDialog(undefined); };
  if (video === undefined) return null;
  const { title, durationSeconds, conversations } = video;
  const memory = exportedMemory(video);
  const frames = memory === undefined ? '' : t('memory.export.frames', { count: memory.frameCount, shown: new Intl.NumberFormat(language).format(memory.frameCount) });
  return (
    <DialogFrame title={t('memory.export.title')} onClose={close}>
      <DialogBody>
        {memory === undefined ? <p>{t('memory.export.none', { title })}</p> : (
          <>
            <p className={styles['text']}>{t('memory.export.text', { title })}</p>
            <Facts facts={[
              [t('memory.export.covers'), durationSeconds === undefined ? frames : `${formatDuration(durationSeconds, language)} · ${frames}`],
              [t('memory.export.size'), t('library.about', { time: formatBytes(memory.byteLength, language) })],
              [t('memory.export.encoder'), memory.encoderName],
            ]}
            />
            {conversations > 0 && (
              <div className={styles['choice']}>
                <span>{t('memory.export.chats')}<span className={styles['hint']}>{t('memory.export.chatsHint', { count: conversations })}</span></span>
                <Switch checked={chats} label={t('memory.export.chats')} onChange={setChats} />
              </div>
            )}
          </>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={close}>{t(memory === undefined ? 'app.close' : 'app.cancel')}</Button>
        {memory !== undefined && (
          <Button look="primary" onClick={() => { close(); void exportMemory(videoId, { chats: chats && conversations > 0, title: t('memory.export.saveTitle') }); }}>{t('memory.export.save')}</Button>
        )}
      </DialogFooter>
    </DialogFrame>
  );
}
