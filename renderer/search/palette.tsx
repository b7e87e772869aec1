import { useState, type ReactNode } from 'react';
import { Film, MessageSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { keysOf, labelKey } from '../actions/action.ts';
import { actions } from '../actions/table.ts';
import { Keys } from '../components/keys.tsx';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { Finder, type FinderGroup, type FinderOption } from './finder.tsx';
import { fuzzyMatch } from './fuzzy.ts';
import { MarkedText } from './marked-text.tsx';

type Candidate = { readonly id: string; readonly label: string; readonly icon?: ReactNode; readonly aside?: ReactNode; readonly perform: () => void };

/** Before anything is typed: these many of each kind, the last used first. */
const recentShown = 5;

/** Every action, video and conversation, by a few letters of its name. */
export function Palette() {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const { showDialog, selectVideo, openConversation, showTab } = useActions();
  const [query, setQuery] = useState('');
  const videos = useApp((state) => state.videos);
  const conversations = useApp((state) => state.conversations);
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
    id, label: title === '' ? t('chat.untitled') : title, icon: <MessageSquare size={14} />, perform: () => { openConversation(id); showTab('conversation'); },
  }));

  const typed = query.trim() !== '';
  const groups: readonly FinderGroup[] = [
    { id: 'actions', title: t('search.actions'), options: rank(query, commands) },
    { id: 'conversations', title: t('search.conversations'), options: rank(query, typed ? talks : talks.slice(0, recentShown)) },
    { id: 'videos', title: t('search.videos'), options: rank(query, typed ? films : films.slice(0, recentShown)) },
  ];
  const count = groups.reduce((sum, { options }) => sum + options.length, 0);
  return (
    <Finder
      title={t('search.palette')} placeholder={t('search.palettePlaceholder')} query={query} groups={groups} empty={t('search.nothing', { query })}
      status={typed ? t('search.count', { count }) : ''} onQuery={setQuery} onClose={() => { showDialog(undefined); }}
    />
  );
}

function rank(query: string, candidates: readonly Candidate[]): FinderOption[] {
  return candidates
    .flatMap((candidate) => {
      const match = fuzzyMatch(query, candidate.label);
      return match === undefined ? [] : [{ candidate, match }];
    })
    .sort((one, other) => other.match.score - one.match.score)
    .map(({ candidate: { label, ...rest }, match }) => ({ ...rest, content: <MarkedText text={label} places={match.matches} /> }));
}
