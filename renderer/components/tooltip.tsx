import { useState, type FocusEvent, type PointerEvent, type ReactElement } from 'react';
import { Slot, Tooltip as Radix } from 'radix-ui';
import { BorrowedTrigger, type Reached } from './borrowed-trigger.tsx';
import { Keys } from './keys.tsx';
import styles from './tooltip.module.css';

type TooltipProps = {
  readonly label: string;
  readonly keys?: string | undefined;
  /** Nothing is said now, because what this belongs to has opened something of its own. */
  readonly quiet?: boolean;
  readonly children: ReactElement;
};

/**
 * Words for what is pointed at or has the keyboard. Made when that happens first: most buttons of a long list are scrolled
 * past, and a tooltip costs many times what its button does.
 */
export function Tooltip({ children, ...said }: TooltipProps) {
  const [reached, setReached] = useState<Reached>();
  return (
    <>
      <Slot.Root
        // A pointer that lies still enters whatever is scrolled below it; only one that moves means a button.
        onPointerMove={({ currentTarget, pointerType }: PointerEvent<HTMLElement>) => { if (pointerType !== 'touch') setReached((before) => before ?? { element: currentTarget, by: 'pointer' }); }}
        // Who presses before the words are made wants none of them afterwards.
        onPointerDown={({ currentTarget }: PointerEvent<HTMLElement>) => { setReached({ element: currentTarget, by: 'press' }); }}
        onFocus={({ currentTarget }: FocusEvent<HTMLElement>) => { setReached((before) => before ?? { element: currentTarget, by: 'focus' }); }}
      >
        {children}
      </Slot.Root>
      {reached !== undefined && <TooltipOf reached={reached} {...said} />}
    </>
  );
}

function TooltipOf({ reached, label, keys, quiet = false }: Omit<TooltipProps, 'children'> & { readonly reached: Reached }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild><BorrowedTrigger reached={reached} /></Radix.Trigger>
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
