import { memo, useState } from 'react';
import { Copy, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { focusComposer } from '../actions/focus-composer.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { useLater } from '../components/use-later.ts';
import { editKey } from '../store/conversation-slice.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { foldedQuestion } from './folded-question.ts';
import { BranchSwitcher } from './branch-switcher.tsx';
import { QuestionEditor } from './question-editor.tsx';
import { RangeChip } from './range-chip.tsx';
import styles from './question.module.css';

/** What a person asked. `last`: nothing answers it, because its answer was deleted. */
export const Question = memo(function Question({ message, last }: { readonly message: MessageEntry; readonly last: boolean }) {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { attempt, edit, removeMessage, setDraft } = useActions();
  const editing = useApp((state) => state.drafts[editKey(message.id)] !== undefined);
  const later = useLater();
  if (editing) return <QuestionEditor message={message} />;
  return (
    <article className={styles['question']} aria-label={t('chat.you')}>
      <div className={styles['said']} data-said="">
        {message.range !== undefined && <RangeChip range={message.range} />}
        <QuestionText text={message.content} />
      </div>
      <div className={styles['actions']}>
        {later && (
          <>
            <IconButton small label={t('chat.edit')} onClick={() => { setDraft(editKey(message.id), message.content); }}><Pencil size={14} /></IconButton>
            <IconButton small label={t('chat.copy')} onClick={() => { void attempt(() => shell.copyText(message.content)); }}><Copy size={14} /></IconButton>
            <IconButton small label={t('chat.removeQuestion')} onClick={() => { focusComposer(); void removeMessage(message.id); }}><Trash2 size={14} /></IconButton>
            <BranchSwitcher message={message} />
          </>
        )}
      </div>
      {last && (
        <div className={styles['unanswered']}>
          <p>{t('chat.unanswered')}</p>
          <Button look="quiet" icon={<RotateCcw size={14} />} onClick={() => { focusComposer(); void edit(message.id, message.content); }}>{t('chat.tryAgain')}</Button>
        </div>
      )}
    </article>
  );
});

/** One that is longer than a screen is folded: what answers it comes below. */
function QuestionText({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const folded = foldedQuestion(text);
  if (folded === undefined) return <p className={styles['bubble']}>{text}</p>;
  return (
    <div className={styles['bubble']}>
      {open ? text : folded}
      <button type="button" className={styles['fold']} aria-expanded={open} onClick={() => { setOpen(!open); }}>{t(open ? 'chat.showLess' : 'chat.showAll')}</button>
    </div>
  );
}
