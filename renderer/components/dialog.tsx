import { Dialog as Radix } from 'radix-ui';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './icon-button.tsx';
import { classNames } from './class-names.ts';
import { useOpenDialog } from './open-dialogs.ts';
import styles from './dialog.module.css';

export type DialogFrameProps = {
  readonly title: string;
  /** A title that is only for screen readers: a palette or a search explain themselves. */
  readonly bare?: boolean;
  readonly width?: 'narrow' | 'wide';
  readonly onClose: () => void;
  /** Once it has gone and the focus is back where it was: what may move the focus again. */
  readonly onClosed?: () => void;
  readonly children: ReactNode;
};

/** A window over the window. It is open for as long as it is rendered. */
export function DialogFrame({ title, bare = false, width = 'narrow', onClose, onClosed, children }: DialogFrameProps) {
  const { t } = useTranslation();
  useOpenDialog(onClose);
  // Radix gives the focus back to a trigger, and there is none.
  const before = useRef(document.activeElement);
  const giveBack = (event: Event): void => {
    event.preventDefault();
    if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
    onClosed?.();
  };
  // Not on the button that closes it: its name would be shown, and Escape would take that away first. Not by `autoFocus` either:
  // Radix does not see that, and lets what closed a moment ago take the focus back to where it was opened.
  const content = useRef<HTMLDivElement>(null);
  const begin = (event: Event): void => {
    event.preventDefault();
    (content.current?.querySelector<HTMLElement>('[data-first-focus]') ?? content.current)?.focus();
  };
  return (
    <Radix.Root open onOpenChange={(open) => { if (!open) onClose(); }}>
      <Radix.Portal>
        <Radix.Overlay className={styles['scrim']} data-scrim={bare ? 'bare' : width} />
        <Radix.Content
          ref={content} className={classNames(styles['dialog'], styles[width], bare && styles['bare'])} aria-describedby={undefined}
          onOpenAutoFocus={begin} onCloseAutoFocus={giveBack}
        >
          <header className={bare ? 'visually-hidden' : styles['header']}>
            <Radix.Title className={styles['title']}>{title}</Radix.Title>
            {!bare && <IconButton label={t('app.close')} onClick={onClose}><X size={16} /></IconButton>}
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What a dialog says and asks, under its title. Where it is higher than the window, the keyboard scrolls it. */
export function DialogBody({ children }: { readonly children: ReactNode }) {
  const body = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = body.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => { setScrolls(element.scrollHeight > element.clientHeight); });
    observer.observe(element);
    return () => { observer.disconnect(); };
  }, []);
  return <div ref={body} className={styles['body']} tabIndex={scrolls ? 0 : undefined}>{children}</div>;
}

/** The buttons at its end, the one that goes on last. */
export function DialogFooter({ children }: { readonly children: ReactNode }) {
  return <footer className={styles['footer']}>{children}</footer>;
}
