import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChapterEntry } from '../../engine/protocol/methods-chapters.ts';
import { EditText } from '../components/edit-text.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { formatClock } from '../format/time.ts';
import { chapterIndexAt } from '../store/chapters-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './chapters.module.css';

const nothing: readonly never[] = [];

/** A press on one goes there; those that a model made can be renamed. */
export function ChapterList() {
  const { t } = useTranslation();
  const chapters = useApp((state) => state.chapters?.chapters ?? nothing);
  const current = useApp((state) => chapterIndexAt(state.chapters?.chapters ?? nothing, state.currentSeconds));
  const canRename = useApp((state) => state.chapters?.source === 'made');
  if (chapters.length === 0) return null;
  return (
    <ol className={styles['list']} aria-label={t('chapters.label')}>
      {chapters.map((chapter, index) => <Row key={chapter.startSeconds} chapter={chapter} index={index} isCurrent={index === current} canRename={canRename} />)}
    </ol>
  );
}

function Row({ chapter: { startSeconds, title, text }, index, isCurrent, canRename }: {
  readonly chapter: ChapterEntry; readonly index: number; readonly isCurrent: boolean; readonly canRename: boolean;
}) {
  const { t } = useTranslation();
  const { seek, showDialog, showTab, renameChapter } = useActions();
  const [renaming, setRenaming] = useState(false);
  const shown = title || t('chapters.untitled', { number: index + 1 });
  const time = formatClock(startSeconds);
  const go = (): void => {
    showDialog(undefined);
    showTab('video');
    seek(startSeconds);
  };
  return (
    <li className={styles['row']} aria-current={isCurrent ? 'true' : undefined}>
      {renaming
        ? <div className={styles['edit']}><EditText value={title} label={t('chapters.renameLabel')} onDone={(changed) => { setRenaming(false); if (changed !== undefined) void renameChapter(index, changed); }} /></div>
        : (
          <button type="button" className={styles['chapter']} onClick={go}>
            <time className={styles['time']}>{time}</time>
            <span className={styles['words']}><span className={styles['title']}>{shown}</span>{text !== '' && <span className={styles['text']}>{text}</span>}</span>
          </button>
        )}
      {canRename && !renaming && <IconButton small label={t('chapters.rename', { title: shown })} onClick={() => { setRenaming(true); }}><Pencil size={14} /></IconButton>}
    </li>
  );
}
