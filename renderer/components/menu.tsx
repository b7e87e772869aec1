import { ContextMenu as RadixContext, DropdownMenu as Radix } from 'radix-ui';
import { useRef, type ReactElement, type ReactNode } from 'react';
import { Check, ChevronRight } from 'lucide-react';
import { Keys } from './keys.tsx';
import { Backdrop, useOpening } from './opening.tsx';
import styles from './menu.module.css';

/** One entry, of a menu or a context menu alike. */
export type MenuEntry = 'separator' | { readonly label: string; readonly entries: readonly MenuEntry[] } | {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly keys?: string | undefined;
  readonly disabled?: boolean;
  readonly checked?: boolean | undefined;
  readonly danger?: boolean;
  readonly perform: () => void;
};

type Parts = Pick<typeof Radix, 'Item' | 'Separator' | 'CheckboxItem' | 'ItemIndicator' | 'Sub' | 'SubTrigger' | 'SubContent' | 'Portal'>;

/**
 * What was chosen is done once the menu has gone and given the focus back: it may open something that takes the focus,
 * and gives it back in turn.
 */
function useChoice(): { choose: (perform: () => void) => void; onCloseAutoFocus: () => void } {
  const chosen = useRef<() => void>(undefined);
  return {
    choose(perform) { chosen.current = perform; },
    onCloseAutoFocus() {
      const perform = chosen.current;
      chosen.current = undefined;
      if (perform !== undefined) setTimeout(perform, 0);
    },
  };
}

/** What a context menu offers may be asked for when it opens: it shows the state of then. */
export type ContextEntries = readonly MenuEntry[] | (() => readonly MenuEntry[]);

type EntriesProps = { readonly entries: ContextEntries; readonly parts: Parts; readonly container: HTMLElement | null; readonly choose: (perform: () => void) => void };

function Entries({ entries: given, parts, container, choose }: EntriesProps) {
  const entries = typeof given === 'function' ? given() : given;
  const { Item, Separator, CheckboxItem, ItemIndicator, Sub, SubTrigger, SubContent, Portal } = parts;
  // All labels of a menu begin at one line: after a column for icons and checks, where one of its entries has any.
  const column = entries.some((entry) => entry !== 'separator' && !('entries' in entry) && (entry.icon !== undefined || entry.checked !== undefined));
  return entries.map((entry, index) => {
    if (entry === 'separator') return <Separator key={index} className={styles['separator']} />;
    if ('entries' in entry) {
      return (
        <Sub key={entry.label}>
          <SubTrigger className={styles['item']}>{column && <span className={styles['icon']} />}<span className={styles['label']}>{entry.label}</span><ChevronRight className={styles['icon']} size={14} /></SubTrigger>
          <Portal container={container}><SubContent className={styles['menu']} sideOffset={4} collisionPadding={8}><Entries entries={entry.entries} parts={parts} container={container} choose={choose} /></SubContent></Portal>
        </Sub>
      );
    }
    const content = <>{column && <span className={styles['icon']}>{entry.icon}</span>}<span className={styles['label']}>{entry.label}</span>{entry.keys !== undefined && <Keys keys={entry.keys} />}</>;
    const shared = { className: styles['item'], disabled: entry.disabled ?? false, onSelect: () => { choose(entry.perform); }, 'data-danger': entry.danger === true ? '' : undefined };
    return entry.checked === undefined
      ? <Item key={entry.label} {...shared}>{content}</Item>
      : <CheckboxItem key={entry.label} {...shared} checked={entry.checked}><ItemIndicator className={styles['check']}><Check size={14} /></ItemIndicator>{content}</CheckboxItem>;
  });
}

/** A menu that a button opens. */
export function Menu({ entries, children, align = 'end' }: { readonly entries: readonly MenuEntry[]; readonly children: ReactElement; readonly align?: 'start' | 'end' }) {
  const { choose, onCloseAutoFocus } = useChoice();
  const opening = useOpening<HTMLButtonElement>();
  const { root, trigger, container } = opening;
  return (
    <Radix.Root {...root}>
      <Radix.Trigger ref={trigger} asChild>{children}</Radix.Trigger>
      <Backdrop of={opening} />
      <Radix.Portal container={container}>
        <Radix.Content className={styles['menu']} align={align} sideOffset={4} collisionPadding={8} onCloseAutoFocus={onCloseAutoFocus}><Entries entries={entries} parts={Radix} container={container} choose={choose} /></Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The same entries where the pointer is. */
export function ContextMenu({ entries, children }: { readonly entries: ContextEntries; readonly children: ReactElement }) {
  const { choose, onCloseAutoFocus } = useChoice();
  const opening = useOpening<HTMLSpanElement>();
  const { root, trigger, container } = opening;
  return (
    <RadixContext.Root {...root}>
      <RadixContext.Trigger ref={trigger} asChild>{children}</RadixContext.Trigger>
      <Backdrop of={opening} />
      <RadixContext.Portal container={container}>
        <RadixContext.Content className={styles['menu']} collisionPadding={8} onCloseAutoFocus={onCloseAutoFocus}><Entries entries={entries} parts={RadixContext} container={container} choose={choose} /></RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}
