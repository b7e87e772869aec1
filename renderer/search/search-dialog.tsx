import { useEffect, useState, type ReactNode } from 'react';
import { Captions, Film, FolderClosed, ListVideo, MessageSquare, MessagesSquare, TextSearch } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { formatClock } from '../format/time.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { Finder, type FinderGroup, type FinderOption } from './finder.tsx';
import { MarkedText } from './marked-text.tsx';

type Hit = MethodResult<'search.all'>['hits'][number];
/** What a query has led to; `failed` where nobody could say, which a notice explains. */
type Found = MethodResult<'search.all'> & { readonly query: string; readonly failed?: boolean };

const nothing: Found = { query: '', hits: [], more: false };

/** Long enough that a word being typed is one search. */
const pauseMs = 120;
const kinds: readonly (readonly [Hit['kind'], string, ReactNode])[] = [
  ['folder', 'search.folders', <FolderClosed key="folder" size={14} />],
  ['survey', 'search.surveys', <TextSearch key="survey" size={14} />],
  ['message', 'search.messages', <MessageSquare key="message" size={14} />],
  ['conversation', 'search.conversations', <MessagesSquare key="conversation" size={14} />],
  ['subtitle', 'search.subtitles', <Captions key="subtitle" size={14} />],
  ['chapter', 'search.chapters', <ListVideo key="chapter" size={14} />],
  ['video', 'search.videos', <Film key="video" size={14} />],
];

/** Full text over folders, videos, their subtitles and chapters, conversations and messages. */
export function SearchDialog() {
  const { t } = useTranslation();
  const { link } = useSurroundings();
  const { attempt, showDialog, goToFound } = useActions();
  const videos = useApp((state) => state.videos);
  const [query, setQuery] = useState('');
  const [found, setFound] = useState(nothing);

  useEffect(() => {
    const words = query.trim();
    if (words === '') { setFound(nothing); return undefined; }
    const controller = new AbortController();
    const timer = setTimeout(() => {
      void attempt(() => link.request('search.all', { query: words }, { signal: controller.signal })).then((result) => {
        if (!controller.signal.aborted) setFound(result === undefined ? { ...nothing, query: words, failed: true } : { ...result, query: words });
      });
    }, pauseMs);
    return () => { clearTimeout(timer); controller.abort(); };
  }, [attempt, link, query]);

  const titleOf = (videoId: string | null): string => videos.find(({ id }) => id === videoId)?.title ?? '';
  const groups = kinds.map(([kind, title, icon]): FinderGroup => ({
    id: kind, title: t(title),
    options: found.hits.flatMap((hit, index): FinderOption[] => hit.kind !== kind ? [] : [{
      id: `${kind}-${index}`, icon, content: <MarkedText text={hit.snippet} places={hit.matches} />,
      ...(kind === 'video' || kind === 'folder' || kind === 'survey' ? {} : { detail: kind === 'message' ? `${hit.title} · ${titleOf(hit.videoId)}` : titleOf(hit.videoId) }),
      ...(hit.startSeconds === null ? {} : { aside: <time className="numbers">{formatClock(hit.startSeconds)}</time> }),
      perform: () => { goToFound(hit); },
    }]),
  }));
  const asked = query.trim();
  const settled = asked === found.query;
  return (
    <Finder
      title={t('search.title')} placeholder={t('search.placeholder')} query={query} groups={groups}
      empty={asked === '' ? t('search.hint') : !settled ? t('search.searching') : found.failed === true ? t('search.failed') : t('search.nothing', { query: asked })}
      note={settled && found.more ? t('search.more', { count: found.hits.length }) : undefined}
      status={asked !== '' && settled ? t('search.count', { count: found.hits.length }) : ''}
      onQuery={setQuery} onClose={() => { showDialog(undefined); }}
    />
  );
}
