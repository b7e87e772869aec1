import { Switch as Radix } from 'radix-ui';
import styles from './switch.module.css';

/** On or off, at once. */
export function Switch({ checked, label, disabled = false, onChange }: { readonly checked: boolean; readonly label: string; readonly disabled?: boolean; readonly onChange: (checked: boolean) => void }) {
  return (
    <Radix.Root className={styles['switch']} checked={checked} disabled={disabled} onCheckedChange={onChange} aria-label={label}>
      <Radix.Thumb className={styles['thumb']} />
    </Radix.Root>
  );
}
