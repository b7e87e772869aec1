import { useId, type ReactNode } from 'react';
import styles from './section.module.css';

/** A part of a page under its heading; `aside` stands at the heading's end. */
export function Section({ title, hint, aside, children }: { readonly title: string; readonly hint?: string; readonly aside?: ReactNode; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles['section']} aria-labelledby={id}>
      <header className={styles['header']}><h3 id={id} className={styles['title']}>{title}</h3>{aside}</header>
      {hint !== undefined && <Hint>{hint}</Hint>}
      {children}
    </section>
  );
}

/** One thing to choose: what it is called, what it means, and the control. A screen reader reads all three together. */
export function Row({ label, hint, children }: { readonly label: string; readonly hint?: ReactNode; readonly children: ReactNode }) {
  const id = useId();
  return (
    <div className={styles['row']} role="group" aria-labelledby={`${id}-label`} aria-describedby={hint === undefined ? undefined : `${id}-hint`}>
      <div className={styles['words']}>
        <span id={`${id}-label`} className={styles['label']}>{label}</span>
        {hint !== undefined && <span id={`${id}-hint`} className={styles['hint']}>{hint}</span>}
      </div>
      <div className={styles['control']}>{children}</div>
    </div>
  );
}

/** A small, quiet sentence that explains. */
export function Hint({ children }: { readonly children: ReactNode }) {
  return <p className={styles['hint']}>{children}</p>;
}
