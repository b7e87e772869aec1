import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueJob } from '../../engine/protocol/methods-library.ts';
import { useApp } from '../store/use-app.ts';
import { encodeNews } from './encode-news.ts';

/** Tells a screen reader that an encode has ended: its progress would be said ten times a second. */
export function EncodeAnnouncer() {
  const { t } = useTranslation();
  const jobs = useApp((state) => state.jobs);
  const videos = useApp((state) => state.videos);
  const [words, setWords] = useState('');
  const known = useRef<readonly QueueJob[]>([]);
  useEffect(() => {
    const news = encodeNews(known.current, jobs, videos);
    // The queue can be ahead of the cards: one that has gone is looked at again with the next of them.
    known.current = [...jobs, ...known.current.filter(({ id, state }) => state === 'running' && news.length === 0 && !jobs.some((job) => job.id === id))];
    if (news.length > 0) setWords([...new Set(news.map(({ kind, title }) => t(`library.announce.${kind}`, { title })))].join(' '));
  }, [jobs, videos, t]);
  return <div role="status" aria-live="polite" className="visually-hidden">{words}</div>;
}
