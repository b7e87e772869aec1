import { useEffect } from 'react';
import { FolderOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Section } from '../components/section.tsx';
import { formatBytes } from '../format/bytes.ts';
import type { Storage } from '../store/storage-slice.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { MoveLibrary } from './move-library.tsx';
import { StoredVideos } from './storage-videos.tsx';
import { storageKinds } from './stored-videos.ts';
import styles from './storage-page.module.css';

/** Where the library lies, what it takes, and how to make room. */
export function StoragePage() {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { loadStorage, attempt } = useActions();
  const connected = useApp((state) => state.link === 'connected');
  const storage = useApp((state) => state.storage);
  const libraryBytes = useApp((state) => state.libraryBytes);
  // Asked again when an encode has grown a memory, and by an engine that was started anew.
  useEffect(() => { if (connected) void loadStorage(); }, [connected, loadStorage, libraryBytes]);
  return (
    <>
      <Section
        title={t('settings.storage.place')}
        aside={shell.kind === 'electron' && storage !== undefined && <Button icon={<FolderOpen size={16} />} onClick={() => { void attempt(() => shell.showInFolder(storage.home)); }}>{t('library.showInFolder')}</Button>}
      >
        <p className={styles['path']}>{storage?.home}</p>
        {storage !== undefined && <Kinds storage={storage} />}
      </Section>
      <MoveLibrary />
      <StoredVideos />
    </>
  );
}

function Kinds({ storage }: { readonly storage: Storage }) {
  const { t, i18n: { language } } = useTranslation();
  const kinds = storageKinds(storage);
  return (
    <>
      <div className={styles['bar']} aria-hidden="true">
        {kinds.map(({ kind, byteLength }) => byteLength > 0 && <span key={kind} className={styles['part']} data-kind={kind} style={{ flexGrow: byteLength }} />)}
      </div>
      <dl className={styles['kinds']}>
        {kinds.map(({ kind, byteLength }) => (
          <div key={kind}><dt><span className={styles['swatch']} data-kind={kind} />{t(`settings.storage.kind.${kind}`)}</dt><dd>{formatBytes(byteLength, language)}</dd></div>
        ))}
        <div><dt><span className={styles['swatch']} />{t('settings.storage.free')}</dt><dd>{formatBytes(storage.freeBytes, language)}</dd></div>
      </dl>
    </>
  );
}
