import { useEffect, useRef } from 'react';

/** What closes each dialog that is open, the uppermost last. */
const closers: (() => void)[] = [];

/** Of a dialog, for as long as it is rendered. */
export function useOpenDialog(close: () => void): void {
  const latest = useRef(close);
  useEffect(() => { latest.current = close; });
  useEffect(() => {
    const own = (): void => { latest.current(); };
    closers.push(own);
    return () => { closers.splice(closers.indexOf(own), 1); };
  }, []);
}

/** Closes it as Escape does; whether there was one. */
export function closeUppermostDialog(): boolean {
  const close = closers.at(-1);
  close?.();
  return close !== undefined;
}
