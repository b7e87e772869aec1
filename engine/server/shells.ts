import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

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

/**
 * Electron's program: `LONGTAKE_ELECTRON`, or the one that its npm package has fetched; undefined where there is none.
 * Nothing is downloaded here: the package would do that by itself when it is asked in its own way.
 */
export function findElectron(environment: Environment = process.env): string | undefined {
  const { LONGTAKE_ELECTRON: named } = environment;
  if (named) return existsSync(named) ? named : undefined;
  try {
    const directory = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const program = path.join(directory, 'dist', readFileSync(path.join(directory, 'path.txt'), 'utf8').trim());
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined; // not installed, or its program not fetched
  }
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
