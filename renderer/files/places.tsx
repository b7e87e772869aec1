import type { ReactNode } from 'react';
import { Download, FileText, Film, HardDrive, House, Monitor } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Folder } from './use-folder.ts';
import styles from './file-dialog.module.css';

type Place = Folder['shortcuts'][number];
const signs: Readonly<Record<Place['kind'], ReactNode>> = {
  home: <House size={14} />, desktop: <Monitor size={14} />, documents: <FileText size={14} />, downloads: <Download size={14} />, videos: <Film size={14} />, drive: <HardDrive size={14} />,
};

/** Where people keep films, and the drives. */
export function Places({ places, directory, onGo }: { readonly places: readonly Place[]; readonly directory: string; readonly onGo: (path: string) => void }) {
  const { t } = useTranslation();
  return (
    <nav className={styles['places']} aria-label={t('files.places')}>
      <ul>
        {places.map(({ kind, name, path }) => (
          <li key={path}>
            <button type="button" className={styles['place']} aria-current={path === directory ? 'true' : undefined} title={path} onClick={() => { onGo(path); }}>
              {signs[kind]}<span>{kind === 'drive' ? name : t(`files.place.${kind}`)}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
