import { useState } from 'react';
import { Film, FolderClosed, MessageSquare, MessagesSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { keysOf, labelKey } from '../actions/action.ts';
import { actions } from '../actions/table.ts';
import { Keys } from '../components/keys.tsx';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { Finder, type FinderGroup } from './finder.tsx';
import { rankCandidates, type Candidate } from './rank-candidates.tsx';

/** Before anything is typed: these many of each kind, the last used first. */
const recentShown = 5;

/** Every action, folder, video, conversation and question across videos, by a few letters of its name. */
export function Palette() {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const { showDialog, selectVideo, openConversation, openSurvey, showFolder, showTab } = useActions();
  const [query, setQuery] = useState('');
  const videos = useApp((state) => state.videos);
  const conversations = useApp((state) => state.conversations);
  const folders = useApp((state) => state.folders);
  const surveys = useApp((state) => state.surveys);
  const bindings = useApp((state) => state.bindings);

  const commands = actions
    .filter(({ id, enabled }) => id !== 'view.palette' && enabled?.(surroundings.store.getState()) !== false)
    .map((action): Candidate => {
      const keys = keysOf(action, bindings);
      return {
        id: action.id, label: `${t(`app.menu.${action.menu}`)}: ${t(labelKey(action))}`, perform: () => { action.perform(surroundings); },
        ...(keys === undefined ? {} : { aside: <Keys keys={keys} /> }),
      };
    });
  const films = videos.map(({ id, title }): Candidate => ({ id, label: title, icon: <Film size={14} />, perform: () => { selectVideo(id); } }));
  const talks = conversations.map(({ id, title }): Candidate => ({
    id, label: title === '' ? t('chat.untitled') : title, icon: <MessageSquare size={14} />, perform: () => { openSurvey(undefined); openConversation(id); showTab('conversation'); },
  }));

  const places = folders.map(({ id, name }): Candidate => ({ id, label: name, icon: <FolderClosed size={14} />, perform: () => { showFolder(id); } }));
  const rounds = surveys.map(({ id, question }): Candidate => ({ id, label: question, icon: <MessagesSquare size={14} />, perform: () => { openSurvey({ kind: 'asked', surveyId: id }); } }));

  const typed = query.trim() !== '';
  const groups: readonly FinderGroup[] = [
    { id: 'actions', title: t('search.actions'), options: rankCandidates(query, commands) },
    { id: 'conversations', title: t('search.conversations'), options: rankCandidates(query, typed ? talks : talks.slice(0, recentShown)) },
    { id: 'folders', title: t('search.folders'), options: rankCandidates(query, typed ? places : places.slice(0, recentShown)) },
    { id: 'videos', title: t('search.videos'), options: rankCandidates(query, typed ? films : films.slice(0, recentShown)) },
    { id: 'surveys', title: t('search.surveys'), options: rankCandidates(query, typed ? rounds : rounds.slice(0, recentShown)) },
  ];
  const count = groups.reduce((sum, { options }) => sum + options.length, 0);
  return (
    <Finder
      title={t('search.palette')} placeholder={t('search.palettePlaceholder')} query={query} groups={groups} empty={t('search.nothing', { query })}
      status={typed ? t('search.count', { count }) : ''} onQuery={setQuery} onClose={() => { showDialog(undefined); }}
    />
  );
}
