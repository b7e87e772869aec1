import type { AppContextValue } from '../store/use-app.ts';
import { keysOf } from './action.ts';
import type { Place } from './menu-layout.ts';
import { entriesOf } from './menu.ts';

/** An entry of a menu that the page draws itself. */
export type ActionEntry = 'separator' | { readonly label: string; readonly entries: readonly ActionEntry[] } | {
  readonly label: string;
  readonly keys: string | undefined;
  readonly disabled: boolean;
  readonly checked: boolean | undefined;
  readonly perform: () => void;
};

/** Actions as the page draws them, for the state of now. */
export function menuEntries(places: readonly Place[], t: (key: string) => string, surroundings: AppContextValue): readonly ActionEntry[] {
  const now = surroundings.store.getState();
  return entriesOf<ActionEntry>(places, t, {
    separator: 'separator',
    submenu: (label, entries) => ({ label, entries }),
    action: (action, label) => ({
      label, keys: keysOf(action, now.bindings), disabled: action.enabled?.(now) === false,
      checked: action.checked?.(now), perform: () => { void action.perform(surroundings); },
    }),
  });
}
