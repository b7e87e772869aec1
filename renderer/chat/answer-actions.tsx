import { useEffect, useState } from 'react';
import { Check, Copy, Eye, RotateCcw, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { focusComposer } from '../actions/focus-composer.ts';
import { IconButton } from '../components/icon-button.tsx';
import { useActions, useSurroundings } from '../store/use-app.ts';
import { AnswerDetails } from './answer-details.tsx';
import { BranchSwitcher } from './branch-switcher.tsx';
import { endedEarly } from './ended-early.ts';
import styles from './answer-actions.module.css';

const copiedMs = 1500;

type AnswerActionsProps = { readonly message: MessageEntry; readonly answer: NonNullable<MessageEntry['answer']>; readonly selected: boolean };

/** What can be done with an answer. */
export function AnswerActions({ message, answer, selected }: AnswerActionsProps) {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { attempt, regenerate, removeMessage, selectAnswer } = useActions();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => { setCopied(false); }, copiedMs);
    return () => { clearTimeout(timer); };
  }, [copied]);
  const copy = async (): Promise<void> => {
    await attempt(async () => {
      await shell.copyText(message.content);
      setCopied(true);
    });
  };
  return (
    <div className={styles['actions']} role="toolbar" aria-label={t('chat.answerActions')} onClick={(event) => { event.stopPropagation(); }}>
      {message.content !== '' && <IconButton small label={t(copied ? 'chat.copied' : 'chat.copy')} onClick={() => { void copy(); }}>{copied ? <Check size={14} /> : <Copy size={14} />}</IconButton>}
      {!endedEarly(answer.state) && <IconButton small label={t('chat.regenerate')} onClick={() => { focusComposer(); void regenerate(message.id); }}><RotateCcw size={14} /></IconButton>}
      {answer.timings !== undefined && answer.hasLookedAt === true && <IconButton small label={t('chat.showLookedAt')} aria-pressed={selected} onClick={() => { selectAnswer(message.id); }}><Eye size={14} /></IconButton>}
      <AnswerDetails message={message} answer={answer} />
      <IconButton small label={t('chat.removeAnswer')} onClick={() => { focusComposer(); void removeMessage(message.id); }}><Trash2 size={14} /></IconButton>
      <BranchSwitcher message={message} />
    </div>
  );
}
