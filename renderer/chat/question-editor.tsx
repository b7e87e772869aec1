import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { focusComposer } from '../actions/focus-composer.ts';
import { Button } from '../components/button.tsx';
import { editKey } from '../store/conversation-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { GrowingText } from './growing-text.tsx';
import { RangeChip } from './range-chip.tsx';
import styles from './question.module.css';

/** A question that is being changed. What was asked and answered stays, as another branch. */
export function QuestionEditor({ message }: { readonly message: MessageEntry }) {
  const { t } = useTranslation();
  const { setDraft, edit } = useActions();
  const key = editKey(message.id);
  const draft = useApp((state) => state.drafts[key] ?? '');
  const [range, setRange] = useState(message.range);
  const text = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    text.current?.focus();
    text.current?.setSelectionRange(text.current.value.length, text.current.value.length);
  }, []);
  const cancel = (): void => {
    setDraft(key, undefined);
    focusComposer();
  };
  const send = async (): Promise<void> => {
    if (draft.trim() === '') return;
    if (await edit(message.id, draft.trim(), message.range !== undefined && range === undefined ? null : undefined)) cancel();
  };
  return (
    <form className={styles['editor']} onSubmit={(event) => { event.preventDefault(); void send(); }} onKeyDown={(event) => { if (event.key === 'Escape' && !event.nativeEvent.isComposing) { event.stopPropagation(); cancel(); } }}>
      <GrowingText ref={text} className={styles['text']} value={draft} label={t('chat.edit')} onChange={(value) => { setDraft(key, value); }} onEnter={() => { void send(); }} />
      <div className={styles['buttons']}>
        <span>{range !== undefined && <RangeChip range={range} onRemove={() => { setRange(undefined); }} />}</span>
        <span className={styles['choices']}>
          <Button look="quiet" onClick={cancel}>{t('chat.cancel')}</Button>
          <Button look="primary" type="submit" disabled={draft.trim() === ''}>{t('chat.askAgain')}</Button>
        </span>
      </div>
    </form>
  );
}
