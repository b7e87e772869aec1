import type { Ref } from 'react';
import { classNames } from '../components/class-names.ts';
import styles from './growing-text.module.css';

type GrowingTextProps = {
  readonly value: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly describedBy?: string | undefined;
  readonly className?: string | undefined;
  readonly composer?: boolean;
  readonly ref?: Ref<HTMLTextAreaElement>;
  readonly onChange: (value: string) => void;
  /** Enter alone; with Shift it breaks the line. Not while an input method composes a word. */
  readonly onEnter: () => void;
  /** The arrow up in an empty line. True where it did something. */
  readonly onUp?: () => boolean;
};

/** Room for as many lines as there are, up to eight. */
export function GrowingText({ value, label, placeholder, describedBy, className, composer = false, ref, onChange, onEnter, onUp }: GrowingTextProps) {
  return (
    <textarea
      ref={ref} className={classNames(styles['text'], className)} rows={1} value={value} aria-label={label} placeholder={placeholder} aria-describedby={describedBy} maxLength={100_000}
      data-composer={composer ? '' : undefined}
      onChange={(event) => { onChange(event.target.value); }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowUp' && value === '' && onUp?.() === true) { event.preventDefault(); return; }
        // Safari ends a composition with a keydown of code 229 after it.
        if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        onEnter();
      }}
    />
  );
}
