import { useEffect } from 'react';
import { pressedKeys } from '../format/keys.ts';
import { useSurroundings } from '../store/use-app.ts';
import { keysOf } from './action.ts';
import { actions } from './table.ts';

/** Performs actions by their keys, unless something nearer has taken the press. */
export function useShortcuts(): void {
  const surroundings = useSurroundings();
  useEffect(() => {
    let typedAtMs = Number.NEGATIVE_INFINITY;
    const type = (): void => { typedAtMs = performance.now(); };
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const state = surroundings.store.getState();
      const keys = pressedKeys(event, surroundings.shell.platform === 'darwin');
      const action = actions.find((each) => keysOf(each, state.bindings) === keys);
      if (keys === undefined || action === undefined) return;
      // A dialog has the keyboard to itself.
      if ((state.dialog !== undefined || state.fileRequest !== undefined) && action.inDialogs !== true) return;
      const { whileTyping = keys.startsWith('Mod+') } = action;
      if (!(typeof whileTyping === 'function' ? whileTyping(state, typedAtMs) : whileTyping) && takesKeys(event.target, keys)) return;
      if (action.enabled?.(state) === false) return;
      event.preventDefault();
      action.perform(surroundings);
    };
    window.addEventListener('keydown', press);
    window.addEventListener('input', type, { capture: true });
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener('input', type, { capture: true });
    };
  }, [surroundings]);
}

/** Whether a press is for what has the focus: text that is typed, a menu that letters search, a button that Space presses, a list that arrows walk. */
function takesKeys(target: EventTarget | null, keys: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('input, textarea, select, [role=menu], [role=listbox]') !== null) return true;
  if (keys === 'Space') return target.closest('button, a, summary, [role=button], [role=switch], [role=checkbox]') !== null;
  return keys.includes('Arrow') && target.closest('[role=slider], [role=tablist], [role=radiogroup], [role=separator]') !== null;
}
