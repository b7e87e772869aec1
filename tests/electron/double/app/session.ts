import { EventEmitter } from 'node:events';
import { allowed } from './events.ts';
import { gate } from './protocol.ts';
import { windows } from './browser-window.ts';

type RequestHandler = (contents: unknown, permission: string, answer: (granted: boolean) => void, details: object) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string, details: object) => boolean;
type Listener = (details: { readonly url: string }, answer: (response: { readonly cancel?: boolean }) => void) => void;

let request: RequestHandler = (_contents, _permission, answer) => { answer(true); };
let check: CheckHandler = () => true;
let device: (details: object) => boolean = () => false;
let listener: Listener = (_details, answer) => { answer({}); };

/** What is not said is granted, as in Electron. */
export const defaultSession = Object.assign(new EventEmitter(), {
  spellChecker: true,
  setPermissionRequestHandler(handler: RequestHandler): void { request = handler; },
  setPermissionCheckHandler(handler: CheckHandler): void { check = handler; },
  setDevicePermissionHandler(handler: (details: object) => boolean): void { device = handler; },
  setSpellCheckerEnabled(enabled: boolean): void { this.spellChecker = enabled; },
  webRequest: { onBeforeRequest(handler: Listener): void { listener = handler; } },
});

export async function permissionOf(permission: string): Promise<{ readonly request: boolean; readonly check: boolean; readonly device: boolean }> {
  const contents = [...windows.values()][0]?.webContents;
  return {
    request: await new Promise((resolve) => { request(contents, permission, resolve, {}); }),
    check: check(contents, permission, 'app://longtake/', {}),
    device: device({ deviceType: 'usb', origin: 'app://longtake' }),
  };
}

export function mayDownload(): boolean {
  return allowed(defaultSession, 'will-download', {}, {}, [...windows.values()][0]?.webContents);
}

gate.mayRequest = async (url) => await new Promise((resolve) => { listener({ url }, ({ cancel = false }) => { resolve(!cancel); }); });
