import { memo } from 'react';
import { ChevronDown, ChevronRight, Ellipsis, FolderClosed, MessagesSquare, Pencil, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FolderEntry } from '../../engine/protocol/methods-folders.ts';
import { EditText } from '../components/edit-text.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { ContextMenu, Menu, type MenuEntry } from '../components/menu.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './folder-row.module.css';

const sign = { size: 14 } as const;

/** A folder of the rail: a button that shows or hides its videos, and a menu of what else can be done. */
export const FolderRow = memo(function FolderRow({ folder: { id, name }, count, open, tabbable }: { readonly folder: FolderEntry; readonly count: number; readonly open: boolean; readonly tabbable: boolean }) {
  const { t } = useTranslation();
  const { openSurvey, removeFolder, renameFolder, setRenamingFolder, toggleFolder } = useActions();
  const renaming = useApp((state) => state.renamingFolderId === id);
  const entries: readonly MenuEntry[] = [
    { label: t('library.folder.ask'), icon: <MessagesSquare {...sign} />, disabled: count === 0, perform: () => { openSurvey({ kind: 'new', choice: { kind: 'folder', folderId: id } }); } },
    { label: t('library.rename'), icon: <Pencil {...sign} />, perform: () => { setRenamingFolder(id); } },
    'separator',
    { label: t('library.folder.remove'), icon: <Trash2 {...sign} />, danger: true, perform: () => { void removeFolder(id); } },
  ];
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <ContextMenu entries={entries}>
      <div className={styles['folder']}>
        {!renaming && (
          <button
            type="button" className={styles['open']} data-row={id} tabIndex={tabbable ? 0 : -1} aria-expanded={open} aria-label={t('library.folder.label', { name, count })} title={name}
            onClick={() => { toggleFolder(id); }}
          />
        )}
        <Arrow className={styles['sign']} size={14} aria-hidden="true" />
        <FolderClosed className={styles['sign']} size={14} aria-hidden="true" />
        {renaming
          ? <span className={styles['edit']}><EditText value={name} label={t('library.folder.renameLabel')} onDone={(changed) => { setRenamingFolder(undefined); if (changed !== undefined) void renameFolder(id, changed); }} /></span>
          : <span className={styles['name']} aria-hidden="true">{name}</span>}
        {!renaming && <span className={styles['count']} aria-hidden="true">{count}</span>}
        <span className={styles['more']}>
          <Menu entries={entries}><IconButton small label={t('library.more', { title: name })} tabIndex={tabbable ? 0 : -1}><Ellipsis size={16} /></IconButton></Menu>
        </span>
      </div>
    </ContextMenu>
  );
});
