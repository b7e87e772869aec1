import { useRef, useState } from 'react';
import { Toast } from 'radix-ui';
import { DismissableLayer } from 'radix-ui/internal';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { closeUppermostDialog } from '../components/open-dialogs.ts';
import { errorWords } from '../i18n/error-words.ts';
import { isError, type Notice } from '../store/notice-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { EngineBanner } from './engine-banner.tsx';
import styles from './notices.module.css';

const shortMs = 4000;
/** Long enough to notice that something is gone, and to reach the button. */
const undoMs = 10_000;

/** Of errors, which stay, so many are read in full at once: more would cover what they are about. */
const mostShownErrors = 3;

/**
 * How the engine is, and what has just happened or gone wrong: over the picture, the newest on top, each in full. Of many errors the older ones are
 * folded behind their number. A screen reader says each as it comes. `left`, `right`: what lies beside the picture, as lengths of CSS.
 */
export function Notices({ narrow, left, right }: { readonly narrow: boolean; readonly left: string; readonly right: string }) {
  const { t } = useTranslation();
  const notices = useApp((state) => state.notices);
  const list = useRef<HTMLOListElement>(null);
  const [unfolded, setUnfolded] = useState(false);
  const errors = notices.filter(isError);
  const isMuch = errors.length > mostShownErrors;
  // What comes after they were all read begins anew.
  if (unfolded && !isMuch) setUnfolded(false);
  const folded = new Set(isMuch && !unfolded ? errors.slice(0, -mostShownErrors) : []);
  return (
    <div className={styles['place']} data-narrow={narrow ? '' : undefined} style={{ left, right }}>
      <EngineBanner />
      <Toast.Provider label={t('app.notice')} swipeDirection="right">
        {notices.map((notice, index) => <NoticeCard key={notice.id} notice={notice} place={notices.length - index} folded={folded.has(notice)} />)}
        <Toast.Viewport ref={list} className={styles['list']} />
      </Toast.Provider>
      {errors.length > 1 && <AllErrors count={errors.length} unfolded={unfolded} onUnfold={isMuch ? setUnfolded : undefined} onDismiss={() => { list.current?.focus(); }} />}
    </div>
  );
}

/** Under several errors: how many there are, and what is done with all of them. To a dialog it is as little outside as they are. */
function AllErrors({ count, unfolded, onUnfold, onDismiss }: {
  readonly count: number; readonly unfolded: boolean; /** Where some are folded, or would be. */ readonly onUnfold: ((unfolded: boolean) => void) | undefined; readonly onDismiss: () => void;
}) {
  const { t } = useTranslation();
  const { dismissErrors } = useActions();
  const words = t('app.errors', { count });
  return (
    <DismissableLayer.Branch className={styles['all']} role="region" aria-label={words}>
      <span className={styles['count']}>{words}</span>
      {onUnfold !== undefined && <Button look="quiet" aria-expanded={unfolded} onClick={() => { onUnfold(!unfolded); }}>{t(unfolded ? 'app.showFewerErrors' : 'app.showAllErrors')}</Button>}
      <Button look="quiet" onClick={() => { onDismiss(); dismissErrors(); }}>{t('app.dismissErrors')}</Button>
    </DismissableLayer.Branch>
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

/** `place`: 1 is the uppermost. One that is folded stays there, or it would be said again when it is shown. */
function NoticeCard({ notice, place, folded }: { readonly notice: Notice; readonly place: number; readonly folded: boolean }) {
  const { t } = useTranslation();
  const { dismiss } = useActions();
  const close = (): void => { dismiss(notice.id); };
  return (
    <Toast.Root
      className={styles['notice']} data-kind={notice.kind} hidden={folded} style={{ order: place }} type={notice.kind === 'error' ? 'foreground' : 'background'}
      duration={notice.kind === 'error' ? Infinity : notice.kind === 'undo' ? undoMs : shortMs} onOpenChange={(open) => { if (!open) close(); }}
      // Radix takes what came last for the uppermost layer. Nobody who presses Escape in a dialog means a notice, least of all one that can undo.
      onEscapeKeyDown={(event) => { if (closeUppermostDialog()) event.preventDefault(); }}
    >
      <Toast.Description className={styles['text']}>
        {notice.kind === 'error' ? <>{notice.subject !== undefined && <strong>{notice.subject}: </strong>}{errorWords(t, { code: notice.code, message: notice.text, data: notice.data })}<Others names={notice.others ?? []} /></> : notice.kind === 'done' && notice.undone === true ? t('app.undone', { what: t(notice.textKey, notice.values ?? {}) }) : t(notice.textKey, notice.values ?? {})}
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
