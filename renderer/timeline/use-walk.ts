import { useState, type KeyboardEvent } from 'react';

/** One stop of the Tab key for a row of buttons: arrows walk among them. `walk` is for their container. */
export function useWalk(count: number): { readonly stop: number; readonly focus: (index: number) => void; readonly walk: (event: KeyboardEvent<HTMLElement>) => void } {
  const [focused, setFocused] = useState(0);
  const stop = Math.max(0, Math.min(focused, count - 1));
  const walk = (event: KeyboardEvent<HTMLElement>): void => {
    const to = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(to, count - 1));
    setFocused(next);
    event.currentTarget.querySelectorAll('button').item(next).focus();
  };
  return { stop, focus: setFocused, walk };
}
