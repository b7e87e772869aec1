import { app, dialog, type BrowserWindow } from 'electron';
import { z } from 'zod';

export const busySchema = z.strictObject({ title: z.string().max(300), detail: z.string().max(2000), quit: z.string().max(100), stay: z.string().max(100) }).nullable();
export type Busy = z.infer<typeof busySchema>;

/**
 * Quitting while something is encoded asks, in the page's words. What is encoded is on disk either way and goes on at
 * the next start. The engine is told to end before the app does.
 */
export class Quitting {
  #busy: Busy = null;
  #agreed = false;
  #asking = false;
  #stopped = false;
  readonly #stopEngine: () => Promise<void>;

  constructor(stopEngine: () => Promise<void>) {
    this.#stopEngine = stopEngine;
  }

  setBusy(busy: Busy): void {
    this.#busy = busy;
  }

  /** Where closing the last window ends the app, closing it asks too. */
  guard(window: BrowserWindow): void {
    if (process.platform === 'darwin') return;
    window.on('close', (event) => { this.#hold(event, window); });
  }

  listen(currentWindow: () => BrowserWindow | undefined): void {
    app.on('before-quit', (event) => { this.#hold(event, currentWindow()); });
    app.on('will-quit', (event) => {
      if (this.#stopped) return;
      event.preventDefault();
      void this.#stopEngine().finally(() => {
        this.#stopped = true;
        app.quit();
      });
    });
  }

  #hold(event: { preventDefault(): void }, window: BrowserWindow | undefined): void {
    const busy = this.#busy;
    if (busy === null || this.#agreed) return;
    event.preventDefault();
    if (this.#asking) return;
    this.#asking = true;
    const question = { type: 'question' as const, message: busy.title, detail: busy.detail, buttons: [busy.quit, busy.stay], defaultId: 1, cancelId: 1, noLink: true };
    void (window === undefined ? dialog.showMessageBox(question) : dialog.showMessageBox(window, question)).then(({ response }) => {
      this.#asking = false;
      this.#agreed = response === 0;
      if (this.#agreed) app.quit();
    });
  }
}
