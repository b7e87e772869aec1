import path from 'node:path';
import { app, BrowserWindow, nativeTheme } from 'electron';
import { startAddress } from './addresses.ts';
import type { WindowState } from './window-state.ts';

/** As the page's own background, so that nothing flashes before it is there. */
const background = { dark: '#131415', light: '#f4f4f2' };
const firstSize = { width: 1440, height: 900 };

export function openWindow(state: WindowState, mainDirectory: string): BrowserWindow {
  nativeTheme.themeSource = state.theme;
  const window = new BrowserWindow({
    ...firstSize, ...state.bounds, minWidth: 720, minHeight: 520, show: false, title: 'Longtake',
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: path.join(mainDirectory, 'preload.cjs'),
      sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false,
      webSecurity: true, allowRunningInsecureContent: false, experimentalFeatures: false, webviewTag: false, navigateOnDragDrop: false,
      spellcheck: false, devTools: !app.isPackaged,
    },
  });
  if (state.maximized) window.maximize();
  state.follow(window);
  window.once('ready-to-show', () => { window.show(); });
  window.loadURL(startAddress).catch(() => undefined); // `app://` answers everything; a window closed meanwhile does not matter
  return window;
}
