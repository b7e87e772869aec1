import type { ElectronBridge } from './bridge.ts';

/**
 * What crosses between preload and main: four channels, with the parts of the bridge as data. Shared by both programs,
 * so that neither can name what the other has not.
 */
export const channels = {
  /** preload → main, with an answer: {@link Question}. */
  ask: 'longtake:ask',
  /** preload → main, without one: {@link Notice}. */
  tell: 'longtake:tell',
  /** preload → main: a port for one connection to the engine. */
  connect: 'longtake:connect',
  /** main → preload: the id of an action of the menu. */
  action: 'longtake:action',
  /** main → preload: paths that the system opened with the app. */
  openFiles: 'longtake:open-files',
} as const;

type AskNames = 'openFiles' | 'saveFile' | 'saveText' | 'showInFolder' | 'openExternal' | 'copyText';
type TellNames = 'setMenu' | 'setBusy' | 'setTheme';

/** Parts of the bridge that main answers. */
export type Asks = { readonly [Name in AskNames]: ElectronBridge[Name] };
/** Parts of the bridge that main only takes note of. */
export type Tells = { readonly [Name in TellNames]: ElectronBridge[Name] } & {
  /** The page listens for opened files now: those that wait are sent. */
  readonly takesFiles: (nothing: null) => void;
};

/** `language` is the page's, so that dialogs of the system speak it too. */
export type Question<Name extends keyof Asks = keyof Asks> = { readonly name: Name; readonly parameter: Parameters<Asks[Name]>[0]; readonly language: string };
export type Notice<Name extends keyof Tells = keyof Tells> = { readonly name: Name; readonly parameter: Parameters<Tells[Name]>[0] };

/**
 * `ipcMain.handle` carries nothing of an error but its message, with its own words around it: a refusal is an answer.
 */
export type Answer = { readonly value: unknown } | { readonly refusal: string };
