import { keysOf, type Action } from '../actions/action.ts';

export type Bindings = Readonly<Record<string, string | null>>;

/** Editing text, leaving the app, and pressing what has the focus: no action may take these, but one that has them itself. */
const kept = new Set(['Enter', 'Mod+C', 'Mod+V', 'Mod+X', 'Mod+A', 'Mod+Z', 'Mod+Shift+Z', 'Mod+Y', 'Mod+Q']);

/** Whether keys can be bound. Escape closes and Tab goes on, with whatever is held. */
export function isBindable(keys: string, action: Pick<Action, 'keys'>): boolean {
  if (keys === action.keys) return true;
  const key = keys.split('+').at(-1);
  return key !== 'Escape' && key !== 'Tab' && !kept.has(keys);
}

/** The other action that has these keys. */
export function ownerOf(keys: string, exceptId: string, actions: readonly Action[], bindings: Bindings): Action | undefined {
  return actions.find((action) => action.id !== exceptId && keysOf(action, bindings) === keys);
}

/** What `bind` takes to give an action these keys: undefined where they are its own. */
export function boundKeys(action: Action, keys: string): string | undefined {
  return keys === action.keys ? undefined : keys;
}

/** What `bind` takes to leave an action without keys. */
export function noKeys(action: Action): null | undefined {
  return action.keys === undefined ? undefined : null;
}

export function isRebound(action: Action, bindings: Bindings): boolean {
  return keysOf(action, bindings) !== action.keys;
}

/** Those whose name or keys have every word of the filter. */
export function filterActions(actions: readonly Action[], filter: string, textOf: (action: Action) => string): readonly Action[] {
  const words = filter.toLowerCase().split(/\s+/u).filter((word) => word !== '');
  return actions.filter((action) => {
    const text = textOf(action).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
