import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { questionsAtOnce } from '../../engine/protocol/limits.ts';
import { Button } from '../components/button.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './empty-conversation.module.css';

/** Questions to start from: a handful, and another one for whoever wants more. */
export function SuggestedQuestions() {
  const { t, i18n: { language } } = useTranslation();
  const { ask, readSuggestions } = useActions();
  const range = useApp((app) => app.range);
  const suggestions = useApp((app) => app.suggestions);
  const videoId = useApp((app) => app.selectedVideoId);
  const waiting = useApp((app) => app.waitingQuestion?.videoId === app.selectedVideoId ? app.waitingQuestion?.question : undefined);
  const [shownOf, setShownOf] = useState({ videoId, count: questionsAtOnce });
  const count = shownOf.videoId === videoId ? shownOf.count : questionsAtOnce;
  const list = useRef<HTMLUListElement>(null);
  const firstNew = useRef<number>(undefined);
  // Whoever opens a conversation has asked something before, perhaps in another language of the interface.
  useEffect(() => { readSuggestions(); }, [readSuggestions, language]);
  useEffect(() => {
    if (firstNew.current === undefined) return;
    list.current?.querySelectorAll('button')[firstNew.current]?.focus();
    firstNew.current = undefined;
  }, [count]);

  // What waits to be asked stands below; offered once more, it would be asked twice.
  const offered = suggestions.filter((question) => question !== waiting);
  if (offered.length === 0) return null;
  return (
    <>
      <ul ref={list} className={styles['suggestions']} aria-label={t('chat.empty.suggestions')}>
        {offered.slice(0, count).map((question) => <li key={question}><button type="button" className={styles['suggestion']} onClick={() => { void ask(question, range); }}>{question}</button></li>)}
      </ul>
      {offered.length > count && (
        <Button look="quiet" icon={<Plus size={15} />} onClick={() => { firstNew.current = count; setShownOf({ videoId, count: count + questionsAtOnce }); }}>{t('chat.empty.more')}</Button>
      )}
    </>
  );
}
