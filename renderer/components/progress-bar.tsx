import { Progress as Radix } from 'radix-ui';
import styles from './progress-bar.module.css';

/** `share` from 0 to 1; undefined where the end is not known. */
export function ProgressBar({ share, label }: { readonly share: number | undefined; readonly label: string }) {
  return (
    <Radix.Root className={styles['bar']} value={share === undefined ? null : Math.round(share * 1000) / 10} max={100} aria-label={label}>
      <Radix.Indicator className={styles['done']} style={share === undefined ? undefined : { transform: `scaleX(${share})` }} />
    </Radix.Root>
  );
}
