import { app, dialog } from 'electron';
import { wordsOf } from './words.ts';

/**
 * True where Chromium's sandbox is on, or whoever runs it has agreed beforehand to go without (`LONGTAKE_NO_SANDBOX=1`,
 * for containers). The script around an AppImage turns it off by itself where the system gives no user namespaces, and
 * says nothing: here it is said.
 */
export function isSandboxSettled(): boolean {
  return !app.commandLine.hasSwitch('no-sandbox') || process.env['LONGTAKE_NO_SANDBOX'] === '1';
}

export async function agreesToNoSandbox(): Promise<boolean> {
  const words = wordsOf(app.getPreferredSystemLanguages()[0] ?? '');
  const { response } = await dialog.showMessageBox({
    type: 'warning', message: words.noSandboxTitle, detail: words.noSandboxDetail, buttons: [words.quit, words.runAnyway], defaultId: 0, cancelId: 0, noLink: true,
  });
  return response === 1;
}
