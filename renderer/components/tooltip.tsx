import { Tooltip as Radix } from 'radix-ui';
import type { ReactElement } from 'react';
import { Keys } from './keys.tsx';
import styles from './tooltip.module.css';

/** `quiet`: nothing is said now, because what this belongs to has opened something of its own. */
export function Tooltip({ label, keys, quiet = false, children }: { readonly label: string; readonly keys?: string | undefined; readonly quiet?: boolean; readonly children: ReactElement }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      {!quiet && (
        <Radix.Portal>
          <Radix.Content className={styles['tooltip']} sideOffset={6} collisionPadding={8}>
            {label}{keys !== undefined && <Keys keys={keys} />}
          </Radix.Content>
        </Radix.Portal>
      )}
    </Radix.Root>
  );
}
