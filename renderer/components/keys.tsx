import { describeKeys } from '../format/keys.ts';
import styles from './keys.module.css';

/** A shortcut as the keyboard of this machine has it. */
export function Keys({ keys }: { readonly keys: string }) {
  return <kbd className={styles['keys']}>{describeKeys(keys, /Mac/u.test(navigator.userAgent))}</kbd>;
}
