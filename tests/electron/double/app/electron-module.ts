/** What `import … from 'electron'` gives main here. A part of the API that main begins to use is missing until it is built. */
import './commands.ts';
import { defaultSession } from './session.ts';

export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu } from './menu.ts';
export { protocol } from './protocol.ts';
export { clipboard, dialog, nativeTheme, screen, shell } from './system.ts';
export const session = { defaultSession };
