import type { MenuState } from '../messages.ts';
import { app } from './app.ts';

type Template = {
  readonly type?: string; readonly id?: string; readonly label?: string; readonly role?: string; readonly enabled?: boolean; readonly checked?: boolean;
  readonly accelerator?: string; readonly registerAccelerator?: boolean; readonly submenu?: readonly Template[]; readonly click?: () => void;
};

export class Menu {
  static current: Menu | null = null;
  readonly items: readonly Template[];
  constructor(items: readonly Template[]) { this.items = items; }
  static buildFromTemplate(template: readonly Template[]): Menu { return new Menu(template); }
  static setApplicationMenu(menu: Menu | null): void { Menu.current = menu; }
}

export function menuState(items: readonly Template[] = Menu.current?.items ?? []): readonly MenuState[] {
  return items.map(({ label = '', id, role, enabled = true, accelerator, checked, submenu }) => ({
    label, enabled, ...(id !== undefined && { id }), ...(role !== undefined && { role }), ...(accelerator !== undefined && { accelerator }),
    ...(checked !== undefined && { checked }), ...(submenu !== undefined && { items: menuState(submenu) }),
  }));
}

/** Chooses what a person sees under these labels. What is disabled cannot be chosen. */
export function chooseMenu(labels: readonly string[]): void {
  let items = Menu.current?.items ?? [];
  for (const [depth, label] of labels.entries()) {
    const item = items.find((one) => (one.label ?? one.role) === label);
    if (item === undefined || item.enabled === false) throw new Error(`The menu has no ${labels.slice(0, depth + 1).join(' ▸ ')} to choose.`);
    if (depth < labels.length - 1) { items = item.submenu ?? []; continue; }
    if (item.role === 'quit') app.quit();
    item.click?.();
  }
}
