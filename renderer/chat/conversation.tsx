import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './conversation.module.css';

/** The conversation about the video. `width` undefined: all there is. */
export function Conversation({ width }: { readonly width: number | undefined }) {
  const { t } = useTranslation();
  const { ask } = useActions();
  const messages = useApp((state) => state.messages);
  const [question, setQuestion] = useState('');
  return (
    <aside className={styles['conversation']} style={{ width }} aria-label={t('chat.label')}>
      <ol>{messages.map((message) => <li key={message.id}>{message.content}</li>)}</ol>
      <form onSubmit={(event) => { event.preventDefault(); void ask(question); }}>
        <input data-composer value={question} onChange={(event) => { setQuestion(event.target.value); }} aria-label={t('chat.question')} />
      </form>
    </aside>
  );
}
