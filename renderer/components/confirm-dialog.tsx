import { AlertDialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { useOpenDialog } from './open-dialogs.ts';
import styles from './dialog.module.css';

/** For what cannot be undone: says what will be gone, and wants a yes. */
export function ConfirmDialog({ title, yes, children, onYes, onClose }: {
  readonly title: string; readonly yes: string; readonly children: ReactNode; readonly onYes: () => void; readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  useOpenDialog(onClose);
  return (
    <Radix.Root open onOpenChange={(open) => { if (!open) onClose(); }}>
      <Radix.Portal>
        <Radix.Overlay className={styles['scrim']} data-scrim="narrow" />
        <Radix.Content className={classNames(styles['dialog'], styles['narrow'])}>
          <header className={styles['header']}><Radix.Title className={styles['title']}>{title}</Radix.Title></header>
          <Radix.Description className={styles['body']} asChild><div>{children}</div></Radix.Description>
          <footer className={styles['footer']}>
            <Radix.Cancel asChild><Button>{t('app.cancel')}</Button></Radix.Cancel>
            <Radix.Action asChild><Button look="danger" onClick={onYes}>{yes}</Button></Radix.Action>
          </footer>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
