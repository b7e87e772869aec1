import type { ReactNode } from 'react';
import { CircleStop, RotateCcw, Ruler, TriangleAlert, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { focusComposer } from '../actions/focus-composer.ts';
import { Button } from '../components/button.tsx';
import { errorWords } from '../i18n/error-words.ts';
import { hasEnded } from '../shell/engine-link.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { endedEarly } from './ended-early.ts';
import styles from './answer.module.css';

type Answer = NonNullable<MessageEntry['answer']>;

const signs: Readonly<Partial<Record<Answer['state'], ReactNode>>> = {
  length: <Ruler size={14} />, stopped: <CircleStop size={14} />, interrupted: <Unplug size={14} />, failed: <TriangleAlert size={14} />,
};

/** How an answer ended, where it did not end by itself, and what can be done about it. */
export function AnswerEnd({ message, answer: { state, error } }: { readonly message: MessageEntry; readonly answer: Answer }) {
  const { t } = useTranslation();
  const { regenerate, showDialog } = useActions();
  const ended = useApp(({ link }) => hasEnded(link));
  if (signs[state] === undefined) return null;
  return (
    <div className={styles['end']} data-kind={state}>
      {signs[state]}
      <p className={styles['words']}>{state === 'failed' ? error === undefined ? t('chat.state.failed') : errorWords(t, error) : t(`chat.state.${state}`)}</p>
      {state === 'length' && <Button look="quiet" onClick={() => { showDialog({ kind: 'settings', page: 'general' }); }}>{t('chat.allowLonger')}</Button>}
      {endedEarly(state) && !ended && <Button look="quiet" icon={<RotateCcw size={14} />} onClick={() => { focusComposer(); void regenerate(message.id); }}>{t('chat.tryAgain')}</Button>}
    </div>
  );
}
