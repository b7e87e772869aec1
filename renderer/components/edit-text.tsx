import { useEffect, useRef, useState } from 'react';
import styles from './edit-text.module.css';

/**
 * A name that is changed where it stands: Enter and leaving keep it, Escape does not.
 * It is there while the name is edited; `onDone` gets the new name, or undefined where it stays.
 */
export function EditText({ value, label, onDone }: { readonly value: string; readonly label: string; readonly onDone: (changed: string | undefined) => void }) {
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const finish = (changed: string | undefined): void => {
    if (done.current) return;
    done.current = true;
    onDone(changed === undefined || changed.trim() === '' || changed.trim() === value ? undefined : changed.trim());
  };
  return (
    <input
      ref={input} className={styles['input']} value={text} aria-label={label} maxLength={500} spellCheck={false}
      onChange={(event) => { setText(event.target.value); }}
      onBlur={() => { finish(text); }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) finish(text);
        if (event.key === 'Escape') finish(undefined);
      }}
    />
  );
}
