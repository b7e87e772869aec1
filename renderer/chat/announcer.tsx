import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorWords } from '../i18n/error-words.ts';
import { useApp } from '../store/use-app.ts';
import { isUnfinished } from '../store/conversation-slice.ts';

/**
 * Tells a screen reader that an answer has begun, and the whole of it once it has ended: words that stream in one by one
 * could not be followed. Answers that were there when a conversation was opened are not news.
 */
export function Announcer() {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const conversationId = useApp((state) => state.conversationId);
  const last = useApp((state) => state.messages.at(-1));
  const writing = isUnfinished(last);
  const followed = useRef<string>(undefined);
  useEffect(() => { setWords(''); }, [conversationId]);
  useEffect(() => {
    if (last?.answer === undefined) return;
    if (writing) {
      followed.current = last.id;
      setWords(t('chat.announce.answering'));
    } else if (followed.current === last.id) {
      followed.current = undefined;
      const { state, error } = last.answer;
      setWords(state === 'failed' ? t('chat.announce.failed', { reason: error === undefined ? '' : errorWords(t, error) })
        : state === 'complete' || state === 'length' ? t('chat.announce.answer', { text: last.content }) : t(`chat.state.${state}`));
    }
    // Only the end of the writing is news, not every word.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [last?.id, writing, t]);
  return <div role="status" aria-live="polite" className="visually-hidden">{words}</div>;
}
