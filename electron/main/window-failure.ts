import { app, dialog, type BrowserWindow } from 'electron';
import { wordsOf } from './words.ts';

/** A window that fails more often than this within the time is not loaded again without asking. */
const maximumFailures = 3;
const withinMs = 60_000;

/** The page's process crashed or was killed: load it again. The engine does not notice, and holds everything. */
export function reloadOnFailure(window: BrowserWindow): void {
  const failuresAtMs: number[] = [];
  const load = (): void => { if (!window.isDestroyed()) window.webContents.reload(); };
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = Date.now();
    failuresAtMs.push(now);
    while ((failuresAtMs[0] ?? now) < now - withinMs) failuresAtMs.shift();
    // Not from inside the event: the contents are still being torn down.
    if (failuresAtMs.length <= maximumFailures) setImmediate(load);
    else void askAgain(window).then((again) => { if (again) { failuresAtMs.length = 0; load(); } else app.quit(); });
  });
}

async function askAgain(window: BrowserWindow): Promise<boolean> {
  const words = wordsOf(app.getPreferredSystemLanguages()[0] ?? '');
  const { response } = await dialog.showMessageBox(window, {
    type: 'error', message: words.windowFailedTitle, detail: words.windowFailedDetail, buttons: [words.loadAgain, words.quit], defaultId: 0, cancelId: 1,
  });
  return response === 0;
}
