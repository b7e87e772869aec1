import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openElectronApp, startSecondInstance } from '../../../electron/double/electron-app.ts';
import { openRealElectron, startSecondElectron } from '../../../electron/real-electron.ts';
import { desktop, patientMs } from '../../../support/chromium.ts';
import type { App, AppOptions } from '../harness.ts';
import { sharedBrowser } from './browser.ts';
import { dropFiles } from './drop-files.ts';
import { denyNetwork, engineProcess } from './network.ts';
import { watchProblems } from './problems.ts';
import { isRunning, holdEngine, killEngine } from './processes.ts';

export type ElectronKind = 'electron-double' | 'electron';

/** What the desktop has and a browser has not. */
export type ElectronApp = App & {
  /** A choice in the menu, by labels, from the bar down. */
  chooseMenu(labels: readonly string[]): Promise<void>;
  /** A double click on a file while the app runs, as macOS hands it over, and as the others do: by a second start. */
  openFile(file: string): Promise<void>;
  startAgainWith(file: string): Promise<void>;
};

/** The built shell in the double of Electron, or in Electron itself. Dialogs of the system are answered beforehand. */
export async function openElectronShell(kind: ElectronKind, { home, context = {}, environment = {}, argv = [] }: AppOptions): Promise<ElectronApp> {
  mkdirSync(home, { recursive: true });
  const network = denyNetwork(home);
  const problems = watchProblems();
  const given = {
    home, argv, environment: { ...network.environment, ...environment },
    onPage(page: Page) {
      page.setDefaultTimeout(patientMs);
      problems.watch(page);
    },
  };
  const shell = kind === 'electron-double'
    ? await openElectronApp({ ...given, browser: await sharedBrowser(), context: { ...desktop, ...context } })
    : await openRealElectron({ ...given, context: { colorScheme: 'light', locale: 'en-GB' } });
  return {
    kind, problems, address: undefined,
    get page() { return shell.page; },
    openPage: () => Promise.reject(new Error('Electron has one window.')),
    async drop(files) {
      for (const file of files) await shell.knowFile(path.basename(file), file);
      await dropFiles(shell.page, files);
    },
    async chooseFiles(act, files) {
      shell.answerDialog('dialog.showOpenDialog', { filePaths: [...files] });
      await act();
    },
    async saveFile(act, file) {
      shell.answerDialog('dialog.showSaveDialog', { filePath: file });
      await act();
    },
    killEngine: (disturbance) => killEngine(shell.processId, disturbance),
    holdEngine: (disturbance) => holdEngine(shell.processId, disturbance),
    askedToQuit: () => shell.bridgeLog.filter(({ api }) => api === 'dialog.showMessageBox').map(({ value }) => String((value as { readonly message?: string }).message)),
    chooseMenu: (labels) => shell.command('chooseMenu', labels),
    openFile: (file) => shell.command('openFile', file),
    async startAgainWith(file) {
      const second = { home, argv: [file], environment: given.environment };
      assert.equal(await (kind === 'electron-double' ? startSecondInstance(second) : startSecondElectron(second)), 0);
    },
    async [Symbol.asyncDispose]() {
      // Who quits while something is encoded is asked, and says yes.
      shell.answerDialog('dialog.showMessageBox', { response: 0 });
      if (isRunning(shell.processId)) await shell.close();
      network.assertNoneTried([/electron[\\/]main\.js/u, engineProcess]);
      assert.deepEqual(shell.bridgeLog.filter(({ api }) => api === 'outside'), [], 'the page tried to reach another machine');
    },
  };
}
