import type { MenuItemModel } from '../../electron/bridge.ts';
import { acceleratorOf } from '../format/keys.ts';
import type { AppState } from '../store/app-store.ts';
import { keysOf, labelKey, type Action } from './action.ts';
import { menuLayout, type Place } from './menu-layout.ts';
import { actionOf, actions } from './table.ts';

type Translate = (key: string) => string;
type Role = Extract<MenuItemModel, { kind: 'role' }>['role'];

/** In the order in which they stand. */
export const menuNames: readonly Action['menu'][] = ['file', 'edit', 'view', 'playback', 'conversation', 'help'];
const separator: MenuItemModel = { kind: 'separator' };
const roles = (...names: readonly Role[]): readonly MenuItemModel[] => names.map((role) => ({ kind: 'role', role }));
/** What the system does, after a menu's own actions. */
const ofTheSystem: Readonly<Partial<Record<Action['menu'], readonly MenuItemModel[]>>> = {
  file: [separator, ...roles('quit')],
  edit: [separator, ...roles('undo', 'redo'), separator, ...roles('cut', 'copy', 'paste', 'selectAll')],
  view: [separator, ...roles('togglefullscreen')],
};

/** Of the system's own undoing, in texts. On a Mac the first entry with a key gets it, so no action shows it in the system's menu; the page hears it first. */
const systemKeys = 'Mod+Z';

/** What a kind of menu makes of an action, of a line, and of a menu in a menu. */
export type MenuParts<Entry> = {
  readonly action: (action: Action, label: string) => Entry;
  readonly separator: Entry;
  readonly submenu: (label: string, entries: readonly Entry[]) => Entry;
};

/** The entries of a menu, as it is laid out, for any kind of menu. */
export function entriesOf<Entry>(places: readonly Place[], t: Translate, parts: MenuParts<Entry>): readonly Entry[] {
  const entryOf = (place: Place): Entry => {
    if (place === 'separator') return parts.separator;
    if ('submenu' in place) return parts.submenu(t(place.submenu), place.places.map(entryOf));
    const action = actionOf(place.action);
    return parts.action(action, t(place.labelKey ?? labelKey(action)));
  };
  return places.map(entryOf);
}

/** The application's menu for a state, as Electron takes it. */
export function menuOf(state: AppState, t: Translate, platform: 'linux' | 'darwin' | 'win32'): readonly MenuItemModel[] {
  const application: readonly MenuItemModel[] = platform === 'darwin'
    ? [{ kind: 'submenu', label: 'Longtake', items: [...roles('about'), separator, ...roles('services'), separator, ...roles('hide', 'hideOthers', 'unhide'), separator, ...roles('quit')] }]
    : [];
  const parts: MenuParts<MenuItemModel> = {
    separator,
    submenu: (label, items) => ({ kind: 'submenu', label, items }),
    action(action, label) {
      const keys = keysOf(action, state.bindings);
      return {
        kind: 'action', id: action.id, label, enabled: action.enabled?.(state) ?? true,
        ...(keys === undefined || keys === systemKeys ? {} : { accelerator: acceleratorOf(keys) }),
        ...(action.checked === undefined ? {} : { checked: action.checked(state) }),
      };
    },
  };
  return [...application, ...menuNames.map((menu): MenuItemModel => ({
    kind: 'submenu',
    label: t(`app.menu.${menu}`),
    items: [...entriesOf(menuLayout[menu], t, parts), ...(platform === 'darwin' && menu === 'file' ? [] : ofTheSystem[menu] ?? [])],
  }))];
}

/** What decides about the menu, as one value that changes when its entries do. */
export function menuFingerprint(state: AppState): string {
  return actions.map((action) => `${action.enabled?.(state) === false ? 0 : 1}${action.checked?.(state) === true ? 1 : 0}${keysOf(action, state.bindings) ?? ''}`).join();
}
