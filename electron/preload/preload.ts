/**
 * Runs sandboxed in the window before its page, in a world of its own, and shows the page `window.longtake`:
 * functions and plain data, never `ipcRenderer` or a port itself.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { ElectronBridge } from '../bridge.ts';
import { channels, type Answer, type Asks, type Notice, type Question, type Tells } from '../shell-channel.ts';

/** Put in by the build (electron/build.ts). */
declare const __LONGTAKE_VERSION__: string;
declare const document: { readonly documentElement: { readonly lang: string } };

async function ask<Name extends keyof Asks>(name: Name, parameter: Parameters<Asks[Name]>[0]): Promise<Awaited<ReturnType<Asks[Name]>>> {
  const question: Question = { name, parameter, language: document.documentElement.lang };
  const answer = await ipcRenderer.invoke(channels.ask, question) as Answer;
  if ('refusal' in answer) throw new Error(answer.refusal);
  return answer.value as Awaited<ReturnType<Asks[Name]>>;
}

function tell<Name extends keyof Tells>(name: Name, parameter: Parameters<Tells[Name]>[0]): void {
  const notice: Notice = { name, parameter };
  ipcRenderer.send(channels.tell, notice);
}

/** Listens without showing the page Electron's event, which carries `ipcRenderer`. */
function listen(channel: string, take: (value: unknown) => void): () => void {
  const listener = (_event: unknown, value: unknown): void => { take(value); };
  ipcRenderer.on(channel, listener);
  return () => { ipcRenderer.off(channel, listener); };
}

/** A port to the engine. What comes before the page listens waits in the port. */
function connect(): ReturnType<ElectronBridge['connect']> {
  const { port1: port, port2: far } = new MessageChannel();
  ipcRenderer.postMessage(channels.connect, null, [far as unknown as Parameters<typeof ipcRenderer.postMessage>[2] extends (infer Port)[] | undefined ? Port : never]);
  return {
    send: (message) => { port.postMessage(message); },
    onMessage: (listener) => {
      port.onmessage = ({ data }: { readonly data: unknown }) => { listener(data); };
    },
    onClose: (listener) => { port.addEventListener('close', () => { listener(); }); },
    close: () => { port.close(); },
  };
}

const bridge: ElectronBridge = {
  platform: process.platform as ElectronBridge['platform'],
  version: __LONGTAKE_VERSION__,
  connect,
  openFiles: (options) => ask('openFiles', options),
  saveFile: (options) => ask('saveFile', options),
  saveText: (options) => ask('saveText', options),
  pathOf: (file) => webUtils.getPathForFile(file) || undefined,
  showInFolder: (path) => ask('showInFolder', path),
  openExternal: (address) => ask('openExternal', address),
  copyText: (text) => ask('copyText', text),
  setMenu: (menu) => { tell('setMenu', menu); },
  onAction: (listener) => listen(channels.action, (id) => { listener(id as string); }),
  onOpenFiles: (listener) => {
    const stop = listen(channels.openFiles, (paths) => { listener(paths as readonly string[]); });
    tell('takesFiles', null);
    return stop;
  },
  setBusy: (busy) => { tell('setBusy', busy); },
  setTheme: (theme) => { tell('setTheme', theme); },
};

contextBridge.exposeInMainWorld('longtake', bridge);
