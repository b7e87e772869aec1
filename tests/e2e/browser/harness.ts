/**
 * The app as a person meets it, for tests: a real shell with the real engine process behind it, on a home of its own,
 * shown by a real Chromium. The same flows run over each kind of shell. A test that ends fails on everything that the
 * page's console complained about, and on every attempt to reach another machine.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { buildIfStale } from '../../../scripts/build.ts';
import { startCli } from '../../support/cli.ts';
import { launchChromium } from './support/chromium.ts';
import { watchProblems, type Problems } from './support/problems.ts';
import { engineProcessId } from './support/processes.ts';

export type ShellKind = 'web' | 'electron-double' | 'electron';

/** One start of the app. Disposing quits it as a person would. */
export type App = AsyncDisposable & {
  readonly kind: ShellKind;
  readonly page: Page;
  readonly problems: Problems;
  /** The web host's address with its token; undefined in Electron. */
  readonly address: string | undefined;
  /** Another tab of the same host. Only a browser has those. */
  openPage(options?: BrowserContextOptions): Promise<Page>;
  /** Ends the engine as a crash would. Resolves when it is gone. */
  killEngine(): Promise<void>;
};

export type AppOptions = {
  readonly home: string;
  readonly context?: BrowserContextOptions;
  /** Of the shell's process, and the engine's below it. */
  readonly environment?: Readonly<Record<string, string>>;
};

const denyNetwork = pathToFileURL(path.join(import.meta.dirname, 'support/deny-network.ts')).href;
const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, locale: 'en-GB', colorScheme: 'light', reducedMotion: 'reduce', acceptDownloads: true };

/** Long enough for two slow cores; what takes longer hangs. */
export const patientMs = 20_000;

let browser: Promise<Browser> | undefined;
/** One browser a test file; every app and page gets a context of its own, which is a profile. */
const sharedBrowser = (): Promise<Browser> => browser ??= launchChromium();

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

export async function openApp(kind: ShellKind, options: AppOptions): Promise<App> {
  await buildIfStale();
  if (kind === 'web') return await openWebApp(options);
  throw new Error(`${kind} is not built yet.`);
}

async function openWebApp({ home, context = {}, environment = {} }: AppOptions): Promise<App> {
  mkdirSync(home, { recursive: true });
  const denied = path.join(home, 'denied.txt');
  const host = startCli(home, ['serve', '--json'], { LONGTAKE_DENIED: denied, NODE_OPTIONS: `--import=${denyNetwork}`, ...environment });
  const words: string[] = [];
  host.stderr?.on('data', (part: Buffer) => { words.push(part.toString()); });
  const ended = once(host, 'exit');
  const stop = async (): Promise<void> => {
    host.kill('SIGTERM');
    await Promise.race([ended, pause(20_000, undefined, { ref: false }).then(() => { host.kill('SIGKILL'); })]);
  };
  const line = await Promise.race([once(host.stdout ?? host, 'data') as Promise<[Buffer]>, ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`The web host has ended: ${words.join('')}`);
  const { address } = JSON.parse(line[0].toString()) as { address: string };

  const problems = watchProblems();
  const contexts: BrowserContext[] = [];
  const openPage = async (more: BrowserContextOptions = {}): Promise<Page> => {
    const opened = await (await sharedBrowser()).newContext({ ...desktop, ...context, ...more });
    opened.setDefaultTimeout(patientMs);
    contexts.push(opened);
    const page = await opened.newPage();
    problems.watch(page);
    await page.goto(address);
    return page;
  };
  try {
    const page = await openPage();
    return {
      kind: 'web', page, problems, address, openPage,
      async killEngine() {
        const engine = engineProcessId(host.pid ?? 0);
        if (engine === undefined) throw new Error('There is no engine to kill.');
        process.kill(engine, 'SIGKILL');
        while (isRunning(engine)) await pause(20);
      },
      async [Symbol.asyncDispose]() {
        for (const one of contexts) await one.close();
        await stop();
        assert.equal(existsSync(denied) ? readFileSync(denied, 'utf8') : '', '', 'something tried to reach another machine');
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

/** Drops files on the middle of the window, as the system does it: by path, folders too. */
export async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 1000, height: 700 };
  const drag = { x: width / 2, y: height / 2, data: { items: [], files: [...files], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, ...drag });
  await session.detach();
}

const failures = path.join(import.meta.dirname, '../../../out/failures');

/** Where something fails, a picture of the page says more than the error does. */
export async function withPicture(app: App, name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const file = path.join(failures, `${name.replaceAll(/[^\w]+/gu, '-')}.png`);
    await app.page.screenshot({ path: file }).then(() => { console.error(`A picture of it: ${file}`); }, () => undefined);
    throw error;
  }
}
