import { useRef, useState, type RefObject } from 'react';
import { createPortal } from 'react-dom';
import styles from './menu.module.css';

/**
 * How a menu opens. Radix's modal menus hide the whole page from screen readers and leave it without landmarks; these do
 * not. They lie in the landmark of what opened them, where a reader is already. A press beside them closes them and does
 * nothing else, as with any menu of a desktop: the backdrop takes it.
 */
export type Opening<Trigger extends HTMLElement> = {
  /** For the menu's root. */
  readonly root: { readonly open: boolean; readonly onOpenChange: (open: boolean) => void; readonly modal: false };
  readonly trigger: RefObject<Trigger | null>;
  /** For its portals; in a dialog the body, because a dialog may not be as large as its menu. */
  readonly container: HTMLElement | null;
};

export function useOpening<Trigger extends HTMLElement>(): Opening<Trigger> {
  const trigger = useRef<Trigger>(null);
  const [open, setOpen] = useState(false);
  const [container, setContainer] = useState<HTMLElement | null>(null);
  const onOpenChange = (next: boolean): void => {
    if (next) setContainer(trigger.current?.closest<HTMLElement>('main, nav, aside') ?? null);
    setOpen(next);
  };
  return { root: { open, onOpenChange, modal: false }, trigger, container };
}

export function Backdrop({ of: { root: { open }, container } }: { readonly of: Opening<HTMLElement> }) {
  if (!open) return null;
  return createPortal(
    // In React's tree it may lie in what has a context menu of its own.
    <div className={styles['backdrop']} onContextMenu={(event) => { event.preventDefault(); event.stopPropagation(); }} />,
    container ?? document.body,
  );
}
