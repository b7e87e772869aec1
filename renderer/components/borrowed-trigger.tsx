import { useLayoutEffect, type Ref } from 'react';

/** An element that is in the page already, and what reached it. */
export type Reached = { readonly element: HTMLElement; readonly by: 'pointer' | 'press' | 'focus' };

/** What Radix gives to a trigger `asChild`: they look at `pointerType` and `defaultPrevented` only, which the browser's own events have. */
type TriggerProps = Partial<Record<keyof typeof heard, (event: Event) => void>> & {
  readonly ref?: Ref<HTMLElement>;
  readonly 'aria-describedby'?: string | undefined;
};

/** React's names of events, and which of the browser's they stand for. */
const heard = { onPointerMove: 'pointermove', onPointerLeave: 'pointerleave', onPointerDown: 'pointerdown', onFocus: 'focusin', onBlur: 'focusout', onClick: 'click' } as const;
const names = Object.keys(heard) as (keyof typeof heard)[];

/**
 * Stands for an element that is there without Radix, as the child of one of its triggers: it makes none, gives that one,
 * and passes on what happens to it, from that on which it was reached by.
 */
export function BorrowedTrigger({ reached: { element, by }, ref, 'aria-describedby': describedBy, ...handlers }: TriggerProps & { readonly reached: Reached }) {
  useLayoutEffect(() => {
    if (typeof ref === 'function') {
      const end = ref(element);
      return typeof end === 'function' ? end : () => { ref(null); };
    }
    if (ref) ref.current = element;
    return undefined;
  }, [element, ref]);
  useLayoutEffect(() => {
    if (describedBy === undefined) return undefined;
    const before = element.getAttribute('aria-describedby');
    element.setAttribute('aria-describedby', before === null ? describedBy : `${before} ${describedBy}`);
    return () => { if (before === null) element.removeAttribute('aria-describedby'); else element.setAttribute('aria-describedby', before); };
  }, [element, describedBy]);
  // They are others after every drawing. Listening and what it missed belong together: nothing may happen between them.
  useLayoutEffect(() => {
    const listening = new AbortController();
    for (const name of names) {
      const handler = handlers[name];
      if (handler !== undefined) element.addEventListener(heard[name], handler, { signal: listening.signal });
    }
    return () => { listening.abort(); };
  });
  useLayoutEffect(() => {
    if (by === 'press') handlers.onPointerDown?.(new PointerEvent('pointerdown'));
    else if (by === 'focus' && element.contains(document.activeElement)) handlers.onFocus?.(new FocusEvent('focus'));
    else if (by === 'pointer' && element.matches(':hover')) handlers.onPointerMove?.(new PointerEvent('pointermove', { pointerType: 'mouse' }));
    // Once: it has been reached before this was there.
  }, []); // eslint-disable-line react-hooks/exhaustive-deps
  return null;
}
