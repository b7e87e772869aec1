import type { ElectronBridge } from '../../electron/bridge.ts';
import { socketTransport } from './socket-transport.ts';
import { upload } from './upload.ts';
import type { Shell } from './shell.ts';

/** Dialogs that a browser does not have over another machine's files; the page shows its own. */
export type FileDialogs = Pick<ElectronBridge, 'openFiles' | 'saveFile'>;

export type WebShell = Shell & {
  /** The page's own dialogs, once it is up. */
  setFileDialogs(dialogs: FileDialogs): void;
};

/** A browser on the web host: sockets, uploads, downloads, and the page's own file dialogs. */
export function webShell(): WebShell {
  let dialogs: FileDialogs = { openFiles: () => Promise.resolve([]), saveFile: () => Promise.resolve(undefined) };
  return {
    kind: 'web',
    platform: /Mac/u.test(navigator.userAgent) ? 'darwin' : /Windows/u.test(navigator.userAgent) ? 'win32' : 'linux',
    version: '',
    connect: () => socketTransport(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`),
    mediaAddress: (resource) => `/media/${resource}`,
    bringIn: upload,
    setFileDialogs(given) { dialogs = given; },
    openFiles: (options) => dialogs.openFiles(options),
    saveFile: (options) => dialogs.saveFile(options),
    saveText({ fileName, text }) {
      const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
      const link = document.createElement('a');
      link.href = address;
      link.download = fileName;
      link.click();
      setTimeout(() => { URL.revokeObjectURL(address); }, 10_000);
      return Promise.resolve(fileName);
    },
    pathOf: () => undefined,
    showInFolder: () => Promise.resolve(),
    openExternal(address) {
      if (new URL(address).protocol === 'https:') window.open(address, '_blank', 'noopener,noreferrer');
      return Promise.resolve();
    },
    copyText: (text) => navigator.clipboard.writeText(text),
    setMenu: () => undefined,
    onAction: () => () => undefined,
    onOpenFiles: () => () => undefined,
    // Closing a tab ends nothing: the engine belongs to the host, and goes on.
    setBusy: () => undefined,
    setTheme: () => undefined,
  };
}
