/**
 * The built Electron shell, run without Electron: `out/electron/main.js` in a process of its own whose `electron` is the
 * double (app/), and for each of its windows a page of a headless Chromium that runs the built preload script
 * (page-script.ts). The engine is the real one.
 *
 *     await using app = await openElectronApp({ browser, home, argv: ['/videos/a.mp4'] });
 *     await app.page.getByRole('button', { name: 'Open' }).click();
 *
 * `page` is an ordinary Playwright page: whatever a test does with a page of the web host it can do with this one. Three
 * things differ. Dialogs of the system do not appear: `answerDialog` says beforehand what a person would choose, and
 * everything that main shows or opens stands in `bridgeLog`. A file given to an input or dropped has a path only after
 * `knowFile`. And `app://longtake/…` is `http://app.longtake.localhost/…` to Chromium, which knows no schemes of others.
 *
 * What a window stores is kept between runs on one home, as Electron keeps it. Nothing reaches the network: Chromium's
 * only proxy is the app itself, and what was tried is in `bridgeLog` as `outside`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Commands, FromApp, LoggedCall, ToApp } from './messages.ts';
import { PageHost, type StorageState } from './page-host.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');
const electronVersion = (JSON.parse(readFileSync(path.join(root, 'node_modules', 'electron', 'package.json'), 'utf8')) as { version: string }).version;

export type ElectronAppOptions = {
  readonly browser: Browser;
  /** The library's folder, `LONGTAKE_HOME`. */
  readonly home: string;
  /** Files to open, as a file manager gives them. */
  readonly argv?: readonly string[];
  /** The folder of the built shell; `../renderer` beside it is shown. */
  readonly output?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Paths of files by their name, known from the first moment. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Language, colours, size and so on of the window's page. */
  readonly context?: BrowserContextOptions;
  /** Each page of the window before it is loaded, the one after a crash too. */
  readonly onPage?: (page: Page) => void;
};

export type ElectronApp = AsyncDisposable & {
  /** The window's page. After a crash it is another one. */
  readonly page: Page;
  /** What main did outside of the window, in order: dialogs, opened addresses, the clipboard … */
  readonly bridgeLog: readonly LoggedCall[];
  readonly processId: number;
  /** The next dialog of this kind gets this answer; one without is cancelled. */
  answerDialog(api: 'dialog.showOpenDialog' | 'dialog.showSaveDialog' | 'dialog.showMessageBox', answer: object): void;
  /** Where a file lies that the test brings into the page: `webUtils.getPathForFile`. */
  knowFile(name: string, path: string): Promise<void>;
  /** What the system or a person outside of the page does, or a look at what main has set. */
  command<Name extends keyof Commands>(name: Name, parameter: Parameters<Commands[Name]>[0]): Promise<Awaited<ReturnType<Commands[Name]>>>;
  /** Resolves with the exit code once the process has gone. */
  readonly exited: Promise<number | null>;
  /** Quits as File ▸ Quit does, and waits. Where main asks and nothing was answered, it stays: rejects. */
  close(): Promise<void>;
  /** Ends the process without a word, and with it the window. */
  kill(): Promise<void>;
};

/** What windows stored, by home. */
const stored = new Map<string, StorageState>();
const cancelled = { canceled: true, filePaths: [], filePath: '', checkboxChecked: false };

/** Starts the app and resolves when its window is there. Rejects where it ends before. */
export async function openElectronApp(options: ElectronAppOptions): Promise<ElectronApp> {
  const { browser, home, paths = {}, context = {}, onPage = () => undefined } = options;
  const child = startApp(options);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const bridgeLog: LoggedCall[] = [];
  const answers = new Map<string, object[]>();
  const commands = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const hosts = new Map<number, Promise<PageHost>>();
  let host: PageHost | undefined;
  let crashed = false;
  let nextCommand = 1;
  let onUnanswered: (api: string) => void = () => undefined;
  const opened = Promise.withResolvers<undefined>();
  const toApp = (message: ToApp): void => {
    if (message.type === 'crashed') crashed = true;
    if (child.connected) child.send(message, () => undefined);
  };
  const keep = async (): Promise<void> => {
    const state = await host?.storage().catch(() => undefined);
    if (state !== undefined) stored.set(home, state);
  };
  const withHost = (window: number, act: (host: PageHost) => unknown): void => { hosts.get(window)?.then(act, () => undefined).catch(() => undefined); };

  child.on('message', (raw) => {
    const message = raw as FromApp;
    switch (message.type) {
      case 'window': {
        const { window, proxyPort } = message;
        const opening = PageHost.open({ browser, window, options: message.options, proxyPort, storage: stored.get(home), paths, electronVersion, context, onPage, toApp });
        hosts.set(window, opening);
        opening.then((made) => {
          host = made;
          opened.resolve(undefined);
        }, (error: unknown) => { opened.reject(error); });
        return;
      }
      case 'load': withHost(message.window, (one) => one.load(message.url)); return;
      case 'reload': withHost(message.window, (one) => one.reload(crashed).then(() => { crashed = false; })); return;
      case 'close':
        withHost(message.window, async (one) => {
          hosts.delete(message.window);
          await keep();
          await one.close();
        });
        return;
      // Not through the promise: the order of messages is theirs.
      case 'to-page': host?.toPage(message.document, message.message); return;
      case 'log': bridgeLog.push(message.call); return;
      case 'dialog': {
        bridgeLog.push({ api: message.api, value: message.options });
        const { cancelId = 0 } = message.options as { readonly cancelId?: number };
        const answer = answers.get(message.api)?.shift();
        toApp({ type: 'dialog-answer', id: message.id, value: answer ?? { ...cancelled, response: cancelId } });
        if (answer === undefined) onUnanswered(message.api);
        return;
      }
      case 'done': commands.get(message.id)?.resolve(message.value); commands.delete(message.id); return;
      case 'failed': commands.get(message.id)?.reject(new Error(message.message)); commands.delete(message.id); return;
      default: message satisfies never;
    }
  });
  const ended = exited.then(async (code) => {
    opened.reject(new Error(`The app ended with code ${String(code)} before it had a window.`));
    for (const { reject } of commands.values()) reject(new Error('The app has ended.'));
    for (const opening of hosts.values()) await (await opening).close();
    return code;
  });
  const command: ElectronApp['command'] = async (name, parameter) => {
    const id = nextCommand++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    commands.set(id, { resolve, reject });
    toApp({ type: 'command', id, name, parameter });
    return await promise as never;
  };
  const kill = async (): Promise<void> => {
    await keep();
    child.kill('SIGKILL');
    await ended;
  };
  await opened.promise;

  return {
    get page() {
      if (host === undefined) throw new Error('There is no window.');
      return host.page;
    },
    bridgeLog,
    processId: child.pid ?? 0,
    answerDialog(api, answer) { answers.set(api, [...answers.get(api) ?? [], { ...cancelled, canceled: false, ...answer }]); },
    async knowFile(name, file) { await host?.knowFile(name, file); },
    command,
    exited: ended,
    async close() {
      await keep();
      const unanswered = new Promise<never>((_resolve, reject) => {
        onUnanswered = (api) => { reject(new Error(`The app asked (${api}) before quitting and nobody answered.`)); };
      });
      unanswered.catch(() => undefined);
      await command('quit', null);
      await Promise.race([ended, unanswered]);
    },
    kill,
    async [Symbol.asyncDispose]() { if (child.exitCode === null && child.signalCode === null) await kill(); },
  };
}

/** A second start on a home that is open: hands its files over and ends. Resolves with its exit code. */
export async function startSecondInstance(options: Omit<ElectronAppOptions, 'browser'>): Promise<number | null> {
  const [code] = await once(startApp(options), 'exit') as [number | null];
  return code;
}

function startApp({ home, argv = [], output = path.join(root, 'out', 'electron'), environment = {} }: Omit<ElectronAppOptions, 'browser'>): ChildProcess {
  return spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning', '--import', path.join(import.meta.dirname, 'app', 'register.ts'), path.join(output, 'main.js'), ...argv,
  ], {
    env: { ...process.env, LONGTAKE_HOME: home, LONGTAKE_NODE: process.execPath, ELECTRON_DOUBLE_ELECTRON_VERSION: electronVersion, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced',
  });
}
