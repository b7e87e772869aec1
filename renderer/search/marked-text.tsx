import type { Place } from './fuzzy.ts';
import styles from './marked-text.module.css';

/** A text with what was looked for in it marked. `places` ascend and do not overlap. */
export function MarkedText({ text, places }: { readonly text: string; readonly places: readonly Place[] }) {
  return (
    <>
      {places.map(({ start, end }, index) => (
        <span key={start}>{text.slice(places[index - 1]?.end ?? 0, start)}<mark className={styles['mark']}>{text.slice(start, end)}</mark></span>
      ))}
      {text.slice(places.at(-1)?.end ?? 0)}
    </>
  );
}
