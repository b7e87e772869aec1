/**
 * Shortcuts as text: "Mod+K", "Shift+ArrowLeft", "Space". Mod is Command on a Mac and Control elsewhere.
 * Letters are named by the character they type without Shift; other keys as `KeyboardEvent.key` names them.
 */
export type KeyPress = { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean; readonly altKey: boolean; readonly shiftKey: boolean };

const order = ['Mod', 'Control', 'Alt', 'Shift'] as const;

/** The shortcut that a press is, or undefined for a modifier alone. */
export function pressedKeys({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress, mac: boolean): string | undefined {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process'].includes(key)) return undefined;
  const held = { Mod: mac ? metaKey : ctrlKey, Control: mac && ctrlKey, Alt: altKey, Shift: shiftKey };
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
  // "?" is typed with Shift on most keyboards, and is not "Shift+?".
  const typed = key.length === 1 && key !== ' ' && key.toUpperCase() === key.toLowerCase();
  return [...order.filter((modifier) => held[modifier] && !(modifier === 'Shift' && typed)), name].join('+');
}

const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Control: '⌃', Alt: '⌥', Shift: '⇧' };
const names: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', Enter: '↵', Backspace: '⌫', Delete: 'Del' };

/** A shortcut as it stands in a menu. */
export function describeKeys(keys: string, mac: boolean): string {
  const parts = splitKeys(keys).map((part) => (mac ? macSigns[part] : part === 'Mod' ? 'Ctrl' : undefined) ?? names[part] ?? part);
  return parts.join(mac ? '' : '+');
}

/** A shortcut in Electron's notation. */
export function acceleratorOf(keys: string): string {
  const electron: Readonly<Record<string, string>> = { Mod: 'CommandOrControl', ArrowLeft: 'Left', ArrowRight: 'Right', ArrowUp: 'Up', ArrowDown: 'Down', Enter: 'Return', '+': 'Plus' };
  return splitKeys(keys).map((part) => electron[part] ?? part).join('+');
}

/** "Mod++" is Mod and the plus sign. */
function splitKeys(keys: string): string[] {
  const parts = keys.split('+');
  return keys.endsWith('+') ? [...parts.slice(0, -2), '+'] : parts;
}
