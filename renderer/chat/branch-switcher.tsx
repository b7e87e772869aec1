import { useEffect, useRef } from 'react';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/icon-button.tsx';
import { useActions } from '../store/use-app.ts';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import styles from './branch-switcher.module.css';

/** The message that was gone to, and by which button: it is another element, and the keyboard goes on there. */
let arrival: { readonly messageId: string; readonly by: 'before' | 'after' } | undefined;

/** ‹ 2/3 ›: the other questions or answers that stand at this place. */
export function BranchSwitcher({ message: { id, siblingIds, role } }: { readonly message: MessageEntry }) {
  const { t } = useTranslation();
  const { selectBranch } = useActions();
  const before = useRef<HTMLButtonElement>(null);
  const after = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (arrival?.messageId !== id) return;
    const [pressed, other] = arrival.by === 'before' ? [before.current, after.current] : [after.current, before.current];
    arrival = undefined;
    (pressed?.disabled === false ? pressed : other)?.focus();
  }, [id]);

  if (siblingIds.length < 2) return null;
  const index = siblingIds.indexOf(id);
  const kind = role === 'user' ? 'question' : 'answer';
  const go = (by: 'before' | 'after'): void => {
    const messageId = siblingIds[by === 'before' ? index - 1 : index + 1];
    if (messageId === undefined) return;
    arrival = { messageId, by };
    void selectBranch(messageId);
  };
  return (
    <span className={styles['switcher']} role="group" aria-label={t(`chat.branch.${kind}`, { index: index + 1, count: siblingIds.length })}>
      <IconButton ref={before} small label={t('chat.branch.before')} disabled={index <= 0} onClick={() => { go('before'); }}><ChevronLeft size={14} /></IconButton>
      <span className={styles['place']} aria-hidden="true">{index + 1}/{siblingIds.length}</span>
      <IconButton ref={after} small label={t('chat.branch.after')} disabled={index >= siblingIds.length - 1} onClick={() => { go('after'); }}><ChevronRight size={14} /></IconButton>
    </span>
  );
}
