import { Select as Radix } from 'radix-ui';
import { getNonce } from 'get-nonce';
import { useRef, useState } from 'react';
import { Check, ChevronsUpDown } from 'lucide-react';
import styles from './select.module.css';

export type SelectOption<Value extends string> = { readonly value: Value; readonly label: string; readonly hint?: string | undefined };

/**
 * One of a few. `label` is its name for a screen reader where no visible label points at it. Its list lies in the dialog that it
 * stands in: Radix hides all that is beside the list from screen readers, and would leave it without a landmark or dialog. Nor may it be larger than
 * that, which cuts it off.
 */
export function Select<Value extends string>({ value, options, label, disabled = false, onChange }: {
  readonly value: Value; readonly options: readonly SelectOption<Value>[]; readonly label: string; readonly disabled?: boolean;
  readonly onChange: (value: Value) => void;
}) {
  const trigger = useRef<HTMLButtonElement>(null);
  const [container, setContainer] = useState<HTMLElement | null>(null);
  const onOpenChange = (open: boolean): void => { if (open) setContainer(trigger.current?.closest<HTMLElement>('[role=dialog]') ?? null); };
  const choose = (chosen: string): void => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <Radix.Root value={value} onValueChange={choose} onOpenChange={onOpenChange} disabled={disabled}>
      <Radix.Trigger ref={trigger} className={styles['trigger']} aria-label={label}>
        <span className={styles['value']}><Radix.Value>{options.find((option) => option.value === value)?.label}</Radix.Value></span>
        <Radix.Icon className={styles['icon']}><ChevronsUpDown size={14} /></Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal container={container}>
        <Radix.Content className={styles['list']} position="popper" sideOffset={4} collisionPadding={8} collisionBoundary={container}>
          <Radix.Viewport nonce={getNonce()}>
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} textValue={option.label} className={styles['option']}>
                <Radix.ItemText>
                  {option.label}
                  {option.hint !== undefined && <span className={styles['hint']}>{option.hint}</span>}
                </Radix.ItemText>
                <Radix.ItemIndicator className={styles['icon']}><Check size={14} /></Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
