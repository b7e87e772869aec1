import type { ReactNode } from 'react';
import { ChevronRight } from 'lucide-react';
import { classNames } from './class-names.ts';
import styles from './disclosure.module.css';

/** What most people need not see, under words that open it. With `onToggle`, whoever renders it keeps whether it is open. */
export function Disclosure({ title, open, className, onToggle, children }: {
  readonly title: string; readonly open?: boolean; readonly className?: string | undefined; readonly onToggle?: (open: boolean) => void; readonly children: ReactNode;
}) {
  return (
    <details className={classNames(styles['disclosure'], className)} open={open} onToggle={(event) => { onToggle?.(event.currentTarget.open); }}>
      <summary><ChevronRight size={16} />{title}</summary>
      {children}
    </details>
  );
}
