import { Toast } from 'radix-ui';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { closeUppermostDialog } from '../components/open-dialogs.ts';
import { errorWords } from '../i18n/error-words.ts';
import type { Notice } from '../store/notice-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './notices.module.css';

const shortMs = 4000;
/** Long enough to notice that something is gone, and to reach the button. */
const undoMs = 10_000;

/** Left and right of it together, where there is little room. */
const marginPixels = 32;

/** What has just happened or gone wrong, at the window's edge. A screen reader says it. */
export function Notices({ narrow }: { readonly narrow: boolean }) {
  const { t } = useTranslation();
  const notices = useApp((state) => state.notices);
  const besidePixels = useApp((state) => narrow && !state.railCollapsed ? state.railWidth : 0);
  return (
    <Toast.Provider label={t('app.notice')} swipeDirection="right">
      {notices.map((notice) => <NoticeCard key={notice.id} notice={notice} />)}
      <Toast.Viewport className={styles['viewport']} data-narrow={narrow ? '' : undefined} style={{ left: `calc(50% + ${besidePixels / 2}px)`, maxWidth: `calc(100% - ${besidePixels + marginPixels}px)` }} />
    </Toast.Provider>
  );
}

/** Of many files, so many are named; the number of the rest says enough. */
const mostNames = 6;

function Others({ names }: { readonly names: readonly string[] }) {
  const { t, i18n } = useTranslation();
  if (names.length === 0) return null;
  const left = names.length > mostNames ? names.length - mostNames : 0;
  const listed = [...names.slice(0, names.length - left), ...(left > 0 ? [t('app.more', { count: left })] : [])];
  return <span className={styles['others']}>{t('app.likewise', { names: new Intl.ListFormat(i18n.language).format(listed) })}</span>;
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { t } = useTranslation();
  const { dismiss } = useActions();
  const close = (): void => { dismiss(notice.id); };
  return (
    <Toast.Root
      className={styles['notice']} data-kind={notice.kind} type={notice.kind === 'error' ? 'foreground' : 'background'}
      duration={notice.kind === 'error' ? Infinity : notice.kind === 'undo' ? undoMs : shortMs} onOpenChange={(open) => { if (!open) close(); }}
      // Radix takes what came last for the uppermost layer. Nobody who presses Escape in a dialog means a notice, least of all one that can undo.
      onEscapeKeyDown={(event) => { if (closeUppermostDialog()) event.preventDefault(); }}
    >
      <Toast.Description className={styles['text']}>
        {notice.kind === 'error' ? <>{notice.subject !== undefined && <strong>{notice.subject}: </strong>}{errorWords(t, { code: notice.code, message: notice.text })}<Others names={notice.others ?? []} /></> : t(notice.textKey, notice.values ?? {})}
      </Toast.Description>
      {notice.kind === 'undo' && (
        <Toast.Action altText={t('app.undo')} asChild>
          <Button look="quiet" onClick={() => { void notice.undo(); }}>{t('app.undo')}</Button>
        </Toast.Action>
      )}
      <Toast.Close asChild><IconButton small label={t('app.close')} onClick={close}><X size={14} /></IconButton></Toast.Close>
    </Toast.Root>
  );
}
