import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type Electron from 'electron';
import { _electron, type BrowserContextOptions, type Page } from 'playwright-core';
import { findElectron } from '../../engine/server/shells.ts';
import type { Commands, LoggedCall } from './double/messages.ts';

type DialogName = 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox';

export type RealElectronOptions = {
  readonly home: string;
  readonly argv?: readonly string[];
  readonly output?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly context?: Pick<BrowserContextOptions, 'colorScheme' | 'locale'>;
  readonly onPage?: (page: Page) => void;
};

/** What the system, or a person outside of the page, does to both. */
type SystemCommands = Pick<Commands, 'openFile' | 'chooseMenu'>;

/** What the double's `ElectronApp` and this have in common: enough for whoever only looks at the window. */
export type RealElectronApp = AsyncDisposable & {
  readonly page: Page;
  readonly bridgeLog: readonly LoggedCall[];
  readonly processId: number;
  answerDialog(api: `dialog.${DialogName}`, answer: object): void;
  knowFile(name: string, path: string): Promise<void>;
  command<Name extends keyof SystemCommands>(name: Name, parameter: Parameters<SystemCommands[Name]>[0]): Promise<void>;
  close(): Promise<void>;
  kill(): Promise<void>;
};

/**
 * The same app in Electron itself, where its program is there (`npm run test:electron`). Dialogs are answered as in the
 * double, because no test can press their buttons. Throws where there is no Electron.
 */
export async function openRealElectron({ context = {}, onPage, ...start }: RealElectronOptions): Promise<RealElectronApp> {
  const app = await _electron.launch({ ...commandLine(start), ...context });
  const bridgeLog: LoggedCall[] = [];
  const answers = new Map<string, object[]>();
  const page = await app.firstWindow();
  onPage?.(page);
  await answerDialogs();

  /** Dialogs ask here: each call waits in main until its answer is put there. */
  async function answerDialogs(): Promise<void> {
    await app.evaluate(({ dialog }) => {
      const waiting: { api: string; options: unknown; resolve: (value: unknown) => void }[] = [];
      Object.assign(globalThis, { waitingDialogs: waiting });
      for (const api of ['showOpenDialog', 'showSaveDialog', 'showMessageBox'] as const) {
        Object.assign(dialog, { [api]: (...given: unknown[]) => new Promise((resolve) => { waiting.push({ api: `dialog.${api}`, options: given.at(-1), resolve }); }) });
      }
    });
    const look = setInterval(() => { void takeDialogs().catch(() => { clearInterval(look); }); }, 50);
    app.once('close', () => { clearInterval(look); });
  }

  async function takeDialogs(): Promise<void> {
    const given = Object.fromEntries([...answers].map(([api, [first]]) => [api, first]));
    const shown = await app.evaluate((_electron, ready) => {
      const { waitingDialogs } = globalThis as unknown as { waitingDialogs: { api: string; options: { cancelId?: number } | undefined; resolve: (value: unknown) => void }[] };
      return waitingDialogs.splice(0, 1).map(({ api, options, resolve }) => {
        resolve({ canceled: ready[api] === undefined, filePaths: [], filePath: '', checkboxChecked: false, response: options?.cancelId ?? 0, ...ready[api] });
        return { api, value: options };
      });
    }, given);
    for (const call of shown) {
      bridgeLog.push(call);
      answers.get(call.api)?.shift();
    }
  }

  const kill = async (): Promise<void> => {
    app.process().kill('SIGKILL');
    await app.waitForEvent('close').catch(() => undefined);
  };
  return {
    page, bridgeLog,
    processId: app.process().pid ?? 0,
    answerDialog(api, answer) { answers.set(api, [...answers.get(api) ?? [], answer]); },
    knowFile: () => Promise.resolve(), // Electron knows where a file lies
    async command(name, parameter) {
      if (name === 'openFile') await app.evaluate(({ app: electron }, file) => { electron.emit('open-file', { preventDefault: () => undefined }, file); }, parameter as string);
      else await app.evaluate(chooseInMenu, parameter as readonly string[]);
    },
    close: () => app.close(),
    kill,
    async [Symbol.asyncDispose]() { if (app.process().exitCode === null) await kill(); },
  };
}

/** A second start on a home that is open: hands its files over and ends. Resolves with its exit code. */
export async function startSecondElectron(options: RealElectronOptions): Promise<number | null> {
  const { executablePath, args, env } = commandLine(options);
  const [code] = await once(spawn(executablePath, args, { env, stdio: 'inherit' }), 'exit') as [number | null];
  return code;
}

function commandLine({ home, argv = [], output = path.join(import.meta.dirname, '..', '..', 'out', 'electron'), environment = {} }: RealElectronOptions): { executablePath: string; args: string[]; env: Record<string, string> } {
  const executablePath = findElectron();
  if (executablePath === undefined) throw new Error('There is no Electron here. "npx install-electron" fetches it, or set LONGTAKE_ELECTRON to its program.');
  const main = path.join(output, 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is not built.`);
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const asRoot = process.getuid?.() === 0 ? { LONGTAKE_NO_SANDBOX: '1' } : {};
  return { executablePath, args: [main, ...argv], env: { ...Object.fromEntries(inherited), LONGTAKE_HOME: home, LONGTAKE_NODE: process.execPath, ...asRoot, ...environment } };
}

/** Runs in Electron's main process. */
function chooseInMenu({ Menu }: typeof Electron, labels: readonly string[]): void {
  let items = Menu.getApplicationMenu()?.items ?? [];
  for (const [depth, label] of labels.entries()) {
    const item = items.find((one) => one.label === label);
    if (item === undefined || !item.enabled) throw new Error(`The menu has no ${labels.slice(0, depth + 1).join(' ▸ ')} to choose.`);
    if (depth === labels.length - 1) item.click();
    else items = item.submenu?.items ?? [];
  }
}
