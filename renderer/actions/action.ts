import type { AppState } from '../store/app-store.ts';
import type { AppContextValue } from '../store/use-app.ts';

/**
 * Something that a person can do from anywhere. One table of them feeds the menu, context menus, shortcuts, tooltips and
 * the palette; a button that does the same thing performs the action.
 */
export type Action = {
  /** `area.verb`; its label is `actions.<area>.<verb>`. */
  readonly id: string;
  readonly menu: 'file' | 'edit' | 'view' | 'playback' | 'conversation' | 'help';
  readonly keys?: string;
  /** Works while text is being typed, too. Keys with Mod do anyway, unless this decides: `typedAtMs` is when something was typed last, as `performance.now()` has it. */
  readonly whileTyping?: boolean | ((state: AppState, typedAtMs: number) => boolean);
  /** Its keys work in a dialog, too. */
  readonly inDialogs?: boolean;
  readonly enabled?: (state: AppState) => boolean;
  readonly checked?: (state: AppState) => boolean;
  readonly perform: (surroundings: AppContextValue) => unknown;
};

export const labelKey = (action: Pick<Action, 'id'>): string => `actions.${action.id}`;

/** The keys of an action: those that a person bound, or its own. */
export function keysOf(action: Action, bindings: Readonly<Record<string, string | null>>): string | undefined {
  const bound = bindings[action.id];
  return bound === undefined ? action.keys : bound ?? undefined;
}
