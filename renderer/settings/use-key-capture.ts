import { useEffect } from 'react';
import { pressedKeys } from '../format/keys.ts';
import { useSurroundings } from '../store/use-app.ts';

/** While `active`, the next press is for `onKeys` and nobody else: not the dialog, not a button. Escape and Tab cancel. */
export function useKeyCapture(active: boolean, onKeys: (keys: string) => void, onCancel: () => void): void {
  const { shell } = useSurroundings();
  useEffect(() => {
    if (!active) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.isComposing) return;
      if (event.key === 'Tab') { onCancel(); return; } // and the focus goes on
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key === 'Escape') { onCancel(); return; }
      const keys = pressedKeys(event, shell.platform === 'darwin');
      if (keys !== undefined) onKeys(keys);
    };
    // On the window, before the document: the dialog listens there for Escape.
    window.addEventListener('keydown', press, { capture: true });
    return () => { window.removeEventListener('keydown', press, { capture: true }); };
  }, [active, onKeys, onCancel, shell]);
}

/** While `active`, Escape is for `onEscape`, and does not close the dialog around it. */
export function useEscape(active: boolean, onEscape: () => void): void {
  useEffect(() => {
    if (!active) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      onEscape();
    };
    window.addEventListener('keydown', press, { capture: true });
    return () => { window.removeEventListener('keydown', press, { capture: true }); };
  }, [active, onEscape]);
}
