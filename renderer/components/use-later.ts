import { useDeferredValue } from 'react';

/**
 * False when a component is drawn first, and true as soon as that can be seen. For what nobody needs in the same frame: a
 * list that is scrolled shows its words first, and rows that are past by then never make the rest.
 */
export function useLater(): boolean {
  return useDeferredValue(true, false);
}
