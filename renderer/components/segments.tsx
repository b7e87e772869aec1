import { RadioGroup as Radix } from 'radix-ui';
import styles from './segments.module.css';

export type Segment<Value extends string> = { readonly value: Value; readonly label: string };

/** One of two or three that are seen at once. Arrows walk it. */
export function Segments<Value extends string>({ value, segments, label, onChange }: {
  readonly value: Value; readonly segments: readonly Segment<Value>[]; readonly label: string; readonly onChange: (value: Value) => void;
}) {
  const choose = (chosen: string): void => {
    const segment = segments.find((one) => one.value === chosen);
    if (segment !== undefined) onChange(segment.value);
  };
  return (
    <Radix.Root className={styles['group']} orientation="horizontal" value={value} aria-label={label} onValueChange={choose}>
      {segments.map((segment) => <Radix.Item key={segment.value} className={styles['segment']} value={segment.value}>{segment.label}</Radix.Item>)}
    </Radix.Root>
  );
}
