/**
 * From `npm start` to an app that can be used, in a fresh copy of the project with everything installed: the first start
 * builds the interface, the next ones find it built. And from opening the window to its first paint.
 * `node tests/bench/start.ts [--rounds 3]`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../support/chromium.ts';

const root = path.join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const scratch = mkdtempSync(path.join(tmpdir(), 'longtake-start-'));
const copy = path.join(scratch, 'longtake');
/** See scripts/launch.mjs. */
const installedMark = '.longtake-installed';
const browser = await launchChromium('graphics');
try {
  for (const name of ['engine', 'renderer', 'electron', 'scripts', 'resources', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  linkPackages();
  const first = await start();
  const later: Start[] = [];
  for (let round = 0; round < Number(values.rounds); round++) later.push(await start());
  const median = (of: keyof Start): number => later.map((one) => one[of]).sort((one, other) => one - other)[later.length >> 1] ?? Number.NaN;
  console.log(JSON.stringify({
    cores: cpus().length, firstStart: first,
    laterStarts: { addressMs: median('addressMs'), usableMs: median('usableMs'), firstPaintMs: median('firstPaintMs'), secondWindowUsableMs: median('secondWindowUsableMs') },
  }, undefined, 2));
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}

/**
 * Packages as they are installed here, and the launcher's mark that they are. Each is a link: one link to the folder of all
 * of them would lead an installation in the copy, should there ever be one, to empty the folder that it points to.
 */
function linkPackages(): void {
  const [from, to] = [path.join(root, 'node_modules'), path.join(copy, 'node_modules')];
  mkdirSync(to);
  for (const name of readdirSync(from)) if (name !== installedMark) symlinkSync(path.join(from, name), path.join(to, name));
  writeFileSync(path.join(to, installedMark), createHash('sha256').update(readFileSync(path.join(copy, 'package-lock.json'))).digest('hex'));
}

type Start = {
  /** `npm start` to the printed address. */
  readonly addressMs: number;
  /** `npm start` to a page that shows the welcome with its buttons, connected to the engine. */
  readonly usableMs: number;
  /** Navigation to the first paint of something, as the browser says. */
  readonly firstPaintMs: number;
  /** The same way to usable for a window that is opened while the engine runs. */
  readonly secondWindowUsableMs: number;
};

async function start(): Promise<Start> {
  const home = mkdtempSync(path.join(scratch, 'home-'));
  const startedMs = performance.now();
  const app = spawn('npm', ['start', '--silent', '--', '--browser', '--json'], {
    cwd: copy, stdio: ['ignore', 'pipe', 'ignore'], detached: true, env: { ...process.env, LONGTAKE_HOME: home, LONGTAKE_NO_OPEN: '1', INIT_CWD: copy },
  });
  try {
    const [line] = await once(app.stdout, 'data') as [Buffer];
    const addressMs = performance.now() - startedMs;
    const { address } = JSON.parse(line.toString()) as { address: string };
    const firstPaintMs = await openWindow(address);
    const usableMs = performance.now() - startedMs;
    const openedMs = performance.now();
    await openWindow(address);
    return round({ addressMs, usableMs, firstPaintMs, secondWindowUsableMs: performance.now() - openedMs });
  } finally {
    // The whole group: npm, the launcher, the host and its engine.
    process.kill(-(app.pid ?? 0), 'SIGTERM');
    await once(app, 'exit');
  }
}

/** A window of a new profile, until it can be used; returns its first paint. */
async function openWindow(address: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(address, { waitUntil: 'commit' });
    await page.getByRole('main').getByRole('button').first().waitFor();
    return await page.evaluate(() => new Promise<number>((resolve) => {
      new PerformanceObserver((list) => { for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') resolve(startTime); })
        // @ts-expect-error -- a browser's option, which Node's types do not have
        .observe({ type: 'paint', buffered: true });
    }));
  } finally {
    await context.close();
  }
}

function round<Times extends Readonly<Record<string, number>>>(times: Times): Times {
  return Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, Math.round(ms)])) as Times;
}
