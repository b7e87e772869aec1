import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { allowed } from './events.ts';
import { handedOver, lockInstance } from './instance-lock.ts';

/** Set by window.ts: closing all windows is a part of quitting. */
export const windowsOfApp: { closeAll: () => Promise<boolean> } = { closeAll: () => Promise.resolve(true) };

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly switches: Record<string, string> = {};
  readonly commandLine = {
    appendSwitch: (name: string, value = ''): void => { this.switches[name] = value; },
    hasSwitch: (name: string): boolean => name in this.switches || process.argv.includes(`--${name}`),
  };
  sandboxEnabled = false;
  #ready = false;
  #quitting = false;
  readonly #paths = new Map<string, string>();
  readonly #whenReady: Promise<void>;
  #name = 'Electron';

  constructor() {
    super();
    // After main's module has run, as in Electron.
    this.#whenReady = new Promise((resolve) => {
      setImmediate(() => {
        this.#ready = true;
        this.emit('ready', {});
        resolve();
      });
    });
  }

  enableSandbox(): void {
    if (this.#ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.sandboxEnabled = true;
  }
  isReady(): boolean { return this.#ready; }
  whenReady(): Promise<void> { return this.#whenReady; }
  /** Electron's own, as for every app that is not packaged. */
  getVersion(): string { return process.versions['electron'] ?? ''; }
  setAboutPanelOptions(): void { /* shown by a role of the menu */ }
  setName(name: string): void { this.#name = name; }
  getName(): string { return this.#name; }
  getPreferredSystemLanguages(): string[] { return ['en-US']; }
  setPath(name: string, value: string): void {
    if (!existsSync(value)) throw new Error(`Failed to set path: ${value} does not exist`);
    this.#paths.set(name, value);
  }
  getPath(name: string): string {
    const value = this.#paths.get(name) ?? process.env[`ELECTRON_DOUBLE_${name.toUpperCase()}`];
    if (value === undefined) throw new Error(`Failed to get '${name}' path`);
    return path.resolve(value);
  }
  requestSingleInstanceLock(data?: unknown): boolean {
    return lockInstance(this.getPath('userData'), data, (second) => { this.emit('second-instance', {}, second.argv, second.workingDirectory, second.data); });
  }

  /** before-quit, then every window's close, then will-quit; any of them may keep the app. */
  quit(): void {
    if (this.#quitting) return;
    this.#quitting = true;
    void this.whenReady().then(async () => {
      await handedOver;
      const goes = allowed(this, 'before-quit') && await windowsOfApp.closeAll() && allowed(this, 'will-quit');
      this.#quitting = false;
      if (goes) this.exit(0);
    });
  }

  exit(code = 0): void {
    this.emit('quit', {}, code);
    // Not before the test has what was sent to it.
    process.disconnect?.();
    process.exit(code);
  }
}

export const app = new App();
