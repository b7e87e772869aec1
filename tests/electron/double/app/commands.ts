import type { Commands } from '../messages.ts';
import { app } from './app.ts';
import { windows } from './browser-window.ts';
import { PreventableEvent } from './events.ts';
import { ipcMain } from './ipc-main.ts';
import { link, tellTest } from './link.ts';
import { chooseMenu, Menu, menuState } from './menu.ts';
import { gate, registeredSchemes, schemeServer } from './protocol.ts';
import { defaultSession, mayDownload, permissionOf } from './session.ts';
import { clipboard, nativeTheme } from './system.ts';
import { makeFrame, type WebContents } from './web-contents.ts';

function firstContents(): WebContents {
  const [window] = windows.values();
  if (window === undefined) throw new Error('The app has no window.');
  return window.webContents;
}

const commands: Commands = {
  quit: () => { app.quit(); },
  chooseMenu,
  openFile: (path) => { app.emit('open-file', new PreventableEvent(), path); },
  mayNavigate: (url) => firstContents().mayNavigate(url),
  mayOpenWindow: (url) => firstContents().mayOpen(url),
  mayAttachWebview: () => firstContents().mayAttachWebview(),
  mayDownload,
  mayRequest: (url) => gate.mayRequest(url),
  hasPermission: permissionOf,
  async pretend({ frame, channel, args }) {
    const event = { sender: firstContents(), senderFrame: frame === null ? null : makeFrame(frame), ports: [] };
    ipcMain.emit(channel, event, ...args);
    return await ipcMain.answer(channel, event, args).catch((error: unknown) => String(error));
  },
  state: () => ({
    sandboxEnabled: app.sandboxEnabled, switches: app.switches, schemes: registeredSchemes, handledSchemes: [...schemeServer.handlers.keys()],
    windows: [...windows.values()].map((window) => ({ options: window.options as Record<string, unknown>, url: window.webContents.getURL(), visible: window.visible })),
    menu: Menu.current === null ? null : menuState(), themeSource: nativeTheme.themeSource, spellChecker: defaultSession.spellChecker, clipboard: clipboard.text,
  }),
};

link.on('command', ({ id, name, parameter }) => {
  const command = commands[name] as (parameter: unknown) => unknown;
  Promise.try(() => command(parameter)).then(
    (value) => { tellTest({ type: 'done', id, value }); },
    (error: unknown) => { tellTest({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) }); });
});
