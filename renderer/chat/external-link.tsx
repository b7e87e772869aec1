import type { ReactNode } from 'react';
import { Popover } from 'radix-ui';
import { Copy, ExternalLink as Open } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { useActions, useSurroundings } from '../store/use-app.ts';
import styles from './external-link.module.css';

/** A link that a model wrote: its whole address is shown before anything is opened. */
export function ExternalLink({ address, children }: { readonly address: string; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { attempt } = useActions();
  const secure = isSecure(address);
  return (
    <Popover.Root>
      <Popover.Trigger className={styles['link']}>{children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles['card']} side="top" sideOffset={6} collisionPadding={12} aria-label={t('chat.link.title')}>
          <p>{t(secure ? 'chat.link.written' : 'chat.link.insecure')}</p>
          <p className={styles['address']}>{address}</p>
          <div className={styles['buttons']}>
            <Popover.Close asChild><Button look="quiet" icon={<Copy size={14} />} onClick={() => { void attempt(() => shell.copyText(address)); }}>{t('chat.link.copy')}</Button></Popover.Close>
            {secure && <Popover.Close asChild><Button icon={<Open size={14} />} onClick={() => { void attempt(() => shell.openExternal(address)); }}>{t('chat.link.open')}</Button></Popover.Close>}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function isSecure(address: string): boolean {
  return URL.parse(address)?.protocol === 'https:';
}
