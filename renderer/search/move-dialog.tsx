import { useState } from 'react';
import { FolderClosed, FolderOpen, FolderPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../store/use-app.ts';
import { Finder, type FinderGroup } from './finder.tsx';
import { rankCandidates } from './rank-candidates.tsx';

/** Where videos go: into a folder by a few letters of its name, into a new one, or into none. */
export function MoveDialog({ videoIds }: { readonly videoIds: readonly string[] }) {
  const { t } = useTranslation();
  const { createFolder, putIntoFolder, showDialog } = useActions();
  const folders = useApp((state) => state.folders);
  const inFolder = useApp((state) => state.videos.some(({ id, folderId }) => folderId !== null && videoIds.includes(id)));
  const [query, setQuery] = useState('');
  const name = query.trim();
  const isNew = !folders.some((folder) => folder.name.toLowerCase() === name.toLowerCase());
  const groups: readonly FinderGroup[] = [
    {
      id: 'folders', title: t('search.folders'),
      options: rankCandidates(query, folders.map((folder) => ({ id: folder.id, label: folder.name, icon: <FolderClosed size={14} />, perform: () => { void putIntoFolder(videoIds, folder.id); } }))),
    },
    {
      id: 'others', title: t('search.otherPlaces'),
      options: [
        ...isNew ? [{ id: 'new', icon: <FolderPlus size={14} />, content: name === '' ? t('search.newFolder') : t('search.newFolderNamed', { name }), perform: () => { void createFolder(name === '' ? t('library.folder.newName') : name, videoIds, { toBeNamed: name === '' }); } }] : [],
        ...inFolder && name === '' ? [{ id: 'none', icon: <FolderOpen size={14} />, content: t('search.noFolder'), perform: () => { void putIntoFolder(videoIds, null); } }] : [],
      ],
    },
  ];
  const count = groups.reduce((sum, { options }) => sum + options.length, 0);
  return (
    <Finder
      title={t('search.moveTitle')} placeholder={t('search.movePlaceholder')} query={query} groups={groups} empty={t('search.nothing', { query })}
      status={name === '' ? '' : t('search.count', { count })} onQuery={setQuery} onClose={() => { showDialog(undefined); }}
    />
  );
}
