import type { MenuItemModel } from '../../electron/bridge.ts';
import { acceleratorOf } from '../format/keys.ts';
import type { AppState } from '../store/app-store.ts';
import { keysOf, labelKey, type Action } from './action.ts';
import { actions } from './table.ts';

type Translate = (key: string) => string;
type Role = Extract<MenuItemModel, { kind: 'role' }>['role'];

/** In the order in which they stand. */
export const menuNames: readonly Action['menu'][] = ['file', 'edit', 'view', 'playback', 'conversation', 'help'];
const separator: MenuItemModel = { kind: 'separator' };
const roles = (...names: readonly Role[]): readonly MenuItemModel[] => names.map((role) => ({ kind: 'role', role }));
/** What the system does, after a menu's own actions. */
const ofTheSystem: Readonly<Partial<Record<Action['menu'], readonly MenuItemModel[]>>> = {
  file: [separator, ...roles('quit')],
  edit: [...roles('undo', 'redo'), separator, ...roles('cut', 'copy', 'paste', 'selectAll')],
  view: [separator, ...roles('togglefullscreen')],
};

/** The application's menu for a state: the table of actions, grouped. */
export function menuOf(state: AppState, t: Translate, platform: 'linux' | 'darwin' | 'win32'): readonly MenuItemModel[] {
  const application: readonly MenuItemModel[] = platform === 'darwin'
    ? [{ kind: 'submenu', label: 'Longtake', items: [...roles('about'), separator, ...roles('services'), separator, ...roles('hide', 'hideOthers', 'unhide'), separator, ...roles('quit')] }]
    : [];
  return [...application, ...menuNames.map((menu): MenuItemModel => ({
    kind: 'submenu',
    label: t(`app.menu.${menu}`),
    items: [
      ...actions.filter((action) => action.menu === menu).map((action): MenuItemModel => {
        const keys = keysOf(action, state.bindings);
        return {
          kind: 'action', id: action.id, label: t(labelKey(action)), enabled: action.enabled?.(state) ?? true,
          ...(keys === undefined ? {} : { accelerator: acceleratorOf(keys) }),
          ...(action.checked === undefined ? {} : { checked: action.checked(state) }),
        };
      }),
      ...(platform === 'darwin' && menu === 'file' ? [] : ofTheSystem[menu] ?? []),
    ],
  }))];
}

/** What decides about the menu, as one value that changes when its entries do. */
export function menuFingerprint(state: AppState): string {
  return actions.map((action) => `${action.enabled?.(state) === false ? 0 : 1}${action.checked?.(state) === true ? 1 : 0}${keysOf(action, state.bindings) ?? ''}`).join();
}
