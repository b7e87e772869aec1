import type { ReactNode } from 'react';
import styles from './facts.module.css';

/** Names and what they stand at, one a line. A fact that is not known is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={styles['facts']}>
      {facts.map(([name, value]) => value === undefined ? null : <div key={name} className={styles['fact']}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}
