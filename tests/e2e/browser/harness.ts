/**
 * The app as a person meets it, for tests: a real shell with the real engine process behind it, on a home of its own,
 * shown by a real Chromium. The same flows run over each kind of shell. A test that ends fails on everything that the
 * page's console complained about, and on every attempt to reach another machine.
 */
import path from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { buildIfStale } from '../../../scripts/build.ts';
import { openElectronShell, type ElectronApp, type ElectronKind } from './support/electron-app.ts';
import type { Problems } from './support/problems.ts';
import type { Disturbance } from './support/processes.ts';
import { openWebApp } from './support/web-app.ts';

export { patientMs } from '../../support/chromium.ts';
export { closeBrowser } from './support/browser.ts';
export { dropFiles } from './support/drop-files.ts';

export type ShellKind = 'web' | ElectronKind;

/** One start of the app. Disposing quits it as a person would, and fails where a process of it reached for the network. */
export type App = AsyncDisposable & {
  readonly kind: ShellKind;
  /** The window. After its process has crashed it is another page. */
  readonly page: Page;
  readonly problems: Problems;
  /** The web host's address with its token; undefined in Electron. */
  readonly address: string | undefined;
  /** Another tab of the same host, or of another address. Only a browser has those. */
  openPage(options?: BrowserContextOptions, address?: string): Promise<Page>;
  /** Drops files and folders on the middle of the window. */
  drop(files: readonly string[]): Promise<void>;
  /** Chooses files in the dialog that `act` brings up. */
  chooseFiles(act: () => Promise<void>, files: readonly string[]): Promise<void>;
  /** Has what `act` saves lie at a place of the test's: a browser downloads, a desktop asks where. */
  saveFile(act: () => Promise<void>, file: string): Promise<void>;
  /** Ends the engine as a crash would; `meanwhile` sees the app before the next one is there. */
  killEngine(disturbance: Disturbance): Promise<void>;
  /** The engine does not go on before `meanwhile` has ended. */
  holdEngine(disturbance: Disturbance): Promise<void>;
  /** What was asked before the app quit. A tab of a browser is closed without a word. */
  askedToQuit(): readonly string[];
};

export type AppOptions = {
  readonly home: string;
  readonly context?: BrowserContextOptions;
  /** Of the shell's process, and the engine's below it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Files that Electron is started with, as a file manager does. */
  readonly argv?: readonly string[];
};

export async function openApp(kind: ElectronKind, options: AppOptions): Promise<ElectronApp>;
export async function openApp(kind: ShellKind, options: AppOptions): Promise<App>;
export async function openApp(kind: ShellKind, options: AppOptions): Promise<App> {
  await buildIfStale();
  return kind === 'web' ? await openWebApp(options) : await openElectronShell(kind, options);
}

const failures = path.join(import.meta.dirname, '../../../out/failures');

/** Where something fails, a picture of the page says more than the error does. */
export async function withPicture(app: () => App, name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const file = path.join(failures, `${name.replaceAll(/[^\w]+/gu, '-')}.png`);
    await Promise.try(() => app().page.screenshot({ path: file })).then(() => { console.error(`A picture of it: ${file}`); }, () => undefined);
    throw error;
  }
}
