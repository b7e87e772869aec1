import { Select as Radix } from 'radix-ui';
import { Check, ChevronsUpDown } from 'lucide-react';
import styles from './select.module.css';

export type SelectOption<Value extends string> = { readonly value: Value; readonly label: string; readonly hint?: string | undefined };

/** One of a few. `label` is its name for a screen reader where no visible label points at it. */
export function Select<Value extends string>({ value, options, label, disabled = false, onChange }: {
  readonly value: Value; readonly options: readonly SelectOption<Value>[]; readonly label: string; readonly disabled?: boolean;
  readonly onChange: (value: Value) => void;
}) {
  const choose = (chosen: string): void => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <Radix.Root value={value} onValueChange={choose} disabled={disabled}>
      <Radix.Trigger className={styles['trigger']} aria-label={label}>
        <span className={styles['value']}><Radix.Value /></span>
        <Radix.Icon className={styles['icon']}><ChevronsUpDown size={14} /></Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles['list']} position="popper" sideOffset={4} collisionPadding={8}>
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} className={styles['option']}>
                <span>
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint !== undefined && <span className={styles['hint']}>{option.hint}</span>}
                </span>
                <Radix.ItemIndicator className={styles['icon']}><Check size={14} /></Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
