import { askTest, log } from './link.ts';

/** `(window?, options)`, as all dialogs have it. */
async function ask(api: string, given: readonly unknown[]): Promise<unknown> {
  return await askTest(api, given.at(-1));
}

export const dialog = {
  showOpenDialog: (...given: readonly unknown[]): Promise<unknown> => ask('dialog.showOpenDialog', given),
  showSaveDialog: (...given: readonly unknown[]): Promise<unknown> => ask('dialog.showSaveDialog', given),
  showMessageBox: (...given: readonly unknown[]): Promise<unknown> => ask('dialog.showMessageBox', given),
};

export const shell = {
  openExternal(url: string): Promise<void> {
    log('shell.openExternal', url);
    return Promise.resolve();
  },
  showItemInFolder(path: string): void { log('shell.showItemInFolder', path); },
};

export const clipboard = {
  text: '',
  writeText(text: string): Promise<void> {
    this.text = text;
    log('clipboard.writeText', text);
    return Promise.resolve();
  },
};

export const nativeTheme = {
  themeSource: 'system' as 'system' | 'light' | 'dark',
  get shouldUseDarkColors(): boolean { return this.themeSource === 'dark'; },
};

export const screen = {
  getDisplayMatching: (): { readonly workArea: object } => ({ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }),
};
