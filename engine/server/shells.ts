import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { electronFailureFile } from '../pipeline/home.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const root = path.join(import.meta.dirname, '../..');
const buildScript = path.join(root, 'scripts/build.ts');
export const electronMain = path.join(root, 'out/electron/main.js');

/**
 * Builds the interface where its sources have changed, in a process that gives its memory back. Its messages go to
 * stderr. False where it could not be built; true as well where there is nothing to build from (a packaged engine).
 */
export function buildInterface(): boolean {
  if (!existsSync(buildScript)) return true;
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', buildScript], { stdio: ['ignore', 2, 2] }).status === 0;
}

/** Where Electron's npm package lies; undefined where it is not installed. */
function electronPackage(): string | undefined {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return undefined;
  }
}

/** Electron's program: `LONGTAKE_ELECTRON`, or the one that its npm package has fetched; undefined where there is none. */
export function findElectron(environment: Environment = process.env): string | undefined {
  const { LONGTAKE_ELECTRON: named } = environment;
  if (named) return existsSync(named) ? named : undefined;
  const directory = electronPackage();
  const pathFile = path.join(directory ?? '', 'path.txt');
  if (directory === undefined || !existsSync(pathFile)) return undefined;
  const program = path.join(directory, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}

/** A download that takes longer than this hangs. */
const fetchLimitMs = 15 * 60_000;
/** What could not be fetched is not tried again for a day: the app opens in the browser without waiting for it. */
const retryAfterMs = 24 * 3_600_000;

/**
 * Lets Electron's npm package fetch its program (about 120 MB, checked against the hashes in the package; `ELECTRON_MIRROR`
 * names another place). `home` keeps when that last failed. Its own messages go to stderr, after `onStart`.
 */
export function fetchElectron(home: string, onStart: () => void, environment: Environment = process.env): 'fetched' | 'failed' | 'not-tried' {
  const directory = electronPackage();
  const failure = path.join(home, electronFailureFile);
  const failedLately = existsSync(failure) && Date.now() - statSync(failure).mtimeMs < retryAfterMs;
  if (directory === undefined || failedLately) return 'not-tried';
  onStart();
  const { status } = spawnSync(process.execPath, [path.join(directory, 'install.js')], { stdio: ['ignore', 2, 2], env: environment, timeout: fetchLimitMs });
  if (status === 0) return 'fetched';
  mkdirSync(home, { recursive: true });
  writeFileSync(failure, '');
  return 'failed';
}

/** Whether a window can be shown. Only X11 and Wayland say so. */
export function hasDisplay(environment: Environment = process.env, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
}

/** Opens the desktop app. It takes its plain Node, on which the engine runs, from `LONGTAKE_NODE`. */
export function openElectron(electron: string, files: readonly string[]): ChildProcess {
  return spawn(electron, [electronMain, ...files], { stdio: 'inherit', env: { ...process.env, LONGTAKE_NODE: process.execPath } });
}

/**
 * Asks the system to show an address. Not where there is no display, nor in tests and on servers that say so
 * (`LONGTAKE_NO_OPEN`, `CI`). A system without an opener is no error: the address is printed as well.
 */
export function openInBrowser(address: string, environment: Environment = process.env, platform: NodeJS.Platform = process.platform): boolean {
  if (environment['LONGTAKE_NO_OPEN'] || environment['CI'] || !hasDisplay(environment, platform)) return false;
  const [program, args] = platform === 'darwin' ? ['open', [address]] as const
    : platform === 'win32' ? ['rundll32', ['url.dll,FileProtocolHandler', address]] as const
      : ['xdg-open', [address]] as const;
  const opener = spawn(program, args, { stdio: 'ignore', detached: true, env: environment });
  opener.on('error', () => undefined);
  opener.unref();
  return true;
}
