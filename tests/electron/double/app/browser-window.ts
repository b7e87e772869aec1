import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { app, windowsOfApp } from './app.ts';
import { allowed } from './events.ts';
import { link, tellTest } from './link.ts';
import { gate, schemeServer } from './protocol.ts';
import { WebContents } from './web-contents.ts';

type Rectangle = { x: number; y: number; width: number; height: number };
type Options = Partial<Rectangle> & { readonly show?: boolean; readonly webPreferences?: { readonly preload?: string; readonly additionalArguments?: readonly string[] } };

let nextId = 1;
let proxyPort: Promise<number> | undefined;
export const windows = new Map<number, BrowserWindow>();

export class BrowserWindow extends EventEmitter {
  readonly id = nextId++;
  readonly options: Options;
  readonly webContents: WebContents;
  #bounds: Rectangle;
  #maximized = false;
  #minimized = false;
  #visible: boolean;
  #destroyed = false;
  #made: Promise<void>;

  constructor(options: Options = {}) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    this.options = options;
    this.#visible = options.show ?? true;
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    windows.set(this.id, this);
    this.webContents = new WebContents(this.id);
    this.#made = this.#make();
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null { return windows.get(contents.id) ?? null; }
  static getAllWindows(): BrowserWindow[] { return [...windows.values()]; }

  async #make(): Promise<void> {
    proxyPort ??= schemeServer.listen();
    const { preload, additionalArguments = [] } = this.options.webPreferences ?? {};
    const { width, height } = this.#bounds;
    tellTest({
      type: 'window', window: this.id, proxyPort: await proxyPort,
      options: { width, height, additionalArguments, preload: preload === undefined ? '' : readFileSync(preload, 'utf8') },
    });
  }

  async loadURL(url: string): Promise<void> {
    await this.#made;
    const loaded = new Promise<void>((resolve) => { this.webContents.once('did-finish-load', () => { resolve(); }); });
    this.webContents.load(url);
    await loaded;
    this.emit('ready-to-show', {});
  }

  get visible(): boolean { return this.#visible; }
  show(): void { this.#visible = true; }
  focus(): void { this.emit('focus', {}); }
  maximize(): void { this.#maximized = true; }
  minimize(): void { this.#minimized = true; }
  restore(): void { this.#minimized = false; }
  isMaximized(): boolean { return this.#maximized; }
  isMinimized(): boolean { return this.#minimized; }
  isDestroyed(): boolean { return this.#destroyed; }
  getNormalBounds(): Rectangle { return { ...this.#bounds }; }

  close(): void {
    if (!this.#destroyed && allowed(this, 'close')) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.webContents.leave();
    windows.delete(this.id);
    tellTest({ type: 'close', window: this.id });
    this.emit('closed', {});
    if (windows.size === 0) app.emit('window-all-closed', {});
  }
}

windowsOfApp.closeAll = () => {
  for (const window of windows.values()) window.close();
  return Promise.resolve(windows.size === 0);
};
gate.mayNavigate = (url) => [...windows.values()].every(({ webContents }) => webContents.mayNavigate(url));

link.on('from-page', ({ window, document, frame, message }) => { windows.get(window)?.webContents.receive(document, frame, message); });
link.on('loading', ({ window }) => {
  const contents = windows.get(window)?.webContents;
  contents?.leave();
  contents?.emit('did-start-navigation', { url: contents.getURL(), isMainFrame: true, isSameDocument: false });
});
link.on('loaded', ({ window }) => { windows.get(window)?.webContents.emit('did-finish-load', {}); });
link.on('crashed', ({ window }) => {
  const contents = windows.get(window)?.webContents;
  contents?.leave();
  contents?.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
});
link.on('asked-to-close', ({ window }) => { windows.get(window)?.close(); });
