import { Menu, type MenuItemConstructorOptions } from 'electron';
import { z } from 'zod';
import type { MenuItemModel } from '../bridge.ts';

const label = z.string().max(200);
const menuItemSchema: z.ZodType<MenuItemModel> = z.lazy(() => z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('separator') }),
  z.strictObject({ kind: z.literal('submenu'), label, items: z.array(menuItemSchema).max(200) }),
  z.strictObject({
    kind: z.literal('action'), id: z.string().max(100), label, accelerator: z.string().max(60).exactOptional(), enabled: z.boolean(), checked: z.boolean().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('role'), role: z.enum([
    'undo', 'redo', 'cut', 'copy', 'paste', 'selectAll', 'quit', 'minimize', 'zoom', 'togglefullscreen', 'about', 'hide', 'hideOthers', 'unhide', 'services']) }),
]));
export const menuSchema = z.array(menuItemSchema).max(20);

/** The page's table of actions as the system's menu. Its keys are only shown: the page handles them, and they can be rebound there. */
export function showMenu(model: readonly MenuItemModel[], perform: (actionId: string) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(model.map((item) => toTemplate(item, perform))));
}

/** Until the page has spoken: Electron's own menu has developer tools and a way to load other pages. */
export function showFirstMenu(): void {
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }]) : null);
}

function toTemplate(item: MenuItemModel, perform: (actionId: string) => void): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'separator': return { type: 'separator' };
    case 'submenu': return { label: item.label, submenu: item.items.map((inner) => toTemplate(inner, perform)) };
    case 'role': return { role: item.role };
    case 'action': return {
      id: item.id, label: item.label, enabled: item.enabled, registerAccelerator: false, click: () => { perform(item.id); },
      ...(item.accelerator !== undefined && { accelerator: item.accelerator }),
      ...(item.checked !== undefined && { type: 'checkbox' as const, checked: item.checked }),
    };
    default: return item satisfies never;
  }
}
