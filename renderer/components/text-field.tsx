import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import styles from './text-field.module.css';

export type TextFieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> & {
  /** Its name for a screen reader. */
  readonly label: string;
  readonly icon?: ReactNode;
  /** What stands at its end: a button that empties it. */
  readonly after?: ReactNode;
  readonly onChange: (value: string) => void;
  readonly ref?: Ref<HTMLInputElement>;
};

/** One line of text. */
export function TextField({ label, icon, after, className, onChange, ...others }: TextFieldProps) {
  return (
    <span className={classNames(styles['field'], className)}>
      {icon !== undefined && <span className={styles['icon']}>{icon}</span>}
      <input type="text" spellCheck={false} autoComplete="off" {...others} className={styles['input']} aria-label={label} onChange={(event) => { onChange(event.target.value); }} />
      {after}
    </span>
  );
}
