import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/icon-button.tsx';
import { useActions } from '../store/use-app.ts';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import styles from './branch-switcher.module.css';

/** ‹ 2/3 ›: the other questions or answers that stand at this place. */
export function BranchSwitcher({ message: { id, siblingIds, role } }: { readonly message: MessageEntry }) {
  const { t } = useTranslation();
  const { selectBranch } = useActions();
  if (siblingIds.length < 2) return null;
  const index = siblingIds.indexOf(id);
  const kind = role === 'user' ? 'question' : 'answer';
  const go = (to: string | undefined): void => { if (to !== undefined) void selectBranch(to); };
  return (
    <span className={styles['switcher']} role="group" aria-label={t(`chat.branch.${kind}`, { index: index + 1, count: siblingIds.length })}>
      <IconButton small label={t('chat.branch.before')} disabled={index <= 0} onClick={() => { go(siblingIds[index - 1]); }}><ChevronLeft size={14} /></IconButton>
      <span className={styles['place']} aria-hidden="true">{index + 1}/{siblingIds.length}</span>
      <IconButton small label={t('chat.branch.after')} disabled={index >= siblingIds.length - 1} onClick={() => { go(siblingIds[index + 1]); }}><ChevronRight size={14} /></IconButton>
    </span>
  );
}
