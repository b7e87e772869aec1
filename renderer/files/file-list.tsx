import { useState, type KeyboardEvent } from 'react';
import { Check, Film, Folder, Package } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../format/bytes.ts';
import { dateLocale } from '../i18n/languages.ts';
import type { FileEntry } from './use-folder.ts';
import styles from './file-dialog.module.css';

const signs = { folder: <Folder size={16} />, video: <Film size={16} />, memory: <Package size={16} /> } as const;
const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };

type FileListProps = {
  readonly entries: readonly FileEntry[];
  readonly chosen: readonly string[];
  readonly loaded: boolean;
  /** Said where there are none. */
  readonly empty: string;
  /** Entries that were too many to be listed. */
  readonly left: number;
  readonly onEnter: (path: string) => void;
  readonly onToggle: (path: string) => void;
  /** This one and no other. */
  readonly onTake: (path: string) => void;
  readonly onAll: (paths: readonly string[]) => void;
  /** Those that are marked; where none is, this one. */
  readonly onOpen: (path: string) => void;
  readonly onUp: () => void;
};

/** Folders are entered, files are marked; a double click takes one. One stop of the Tab key, arrows walk, Space marks, Enter opens, Mod+A marks all files. */
export function FileList({ entries, chosen, loaded, empty, left, onEnter, onToggle, onTake, onAll, onOpen, onUp }: FileListProps) {
  const { t, i18n: { language } } = useTranslation();
  const [stop, setStop] = useState(0);
  const press = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Backspace') { event.preventDefault(); onUp(); return; }
    const files = entries.filter(({ kind }) => kind !== 'folder');
    if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); onAll(files.map(({ path }) => path)); return; }
    const file = event.key === 'Enter' ? files.find(({ path }) => path === entries[stop]?.path) : undefined;
    if (file !== undefined) { event.preventDefault(); onOpen(file.path); return; }
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(entries.length - 1, stop + step));
    setStop(next);
    event.currentTarget.querySelectorAll('button').item(next).focus();
  };
  if (entries.length === 0) return <p className={styles['empty']} aria-busy={!loaded}>{loaded ? empty : ''}</p>;
  return (
    <div className={styles['list']}>
      <ul aria-label={t('files.list')} onKeyDown={press}>
        {entries.map(({ name, path, kind, byteLength, modifiedAtMs }, index) => {
          const marked = chosen.includes(path);
          return (
            <li key={path}>
              <button
                type="button" className={styles['entry']} data-kind={kind} tabIndex={index === Math.min(stop, entries.length - 1) ? 0 : -1} aria-pressed={kind === 'folder' ? undefined : marked}
                onFocus={() => { setStop(index); }} onClick={() => { if (kind === 'folder') onEnter(path); else onToggle(path); }} onDoubleClick={() => { if (kind !== 'folder') onTake(path); }}
              >
                <span className={styles['sign']}>{marked ? <Check size={16} /> : signs[kind]}</span>
                <span className={styles['name']}>{name}</span>
                {kind !== 'folder' && <span className={styles['detail']}>{formatBytes(byteLength, language)}</span>}
                {kind !== 'folder' && <span className={styles['date']}>{new Intl.DateTimeFormat(dateLocale(language, navigator.languages), { dateStyle: 'medium' }).format(modifiedAtMs)}</span>}
              </button>
            </li>
          );
        })}
      </ul>
      {left > 0 && <p className={styles['empty']}>{t('files.left', { count: left })}</p>}
    </div>
  );
}
