import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { LongtakeError } from '../../protocol/errors.ts';
import { defaultRoot } from '../../pipeline/home.ts';
import { buildInterface, electronMain, fetchElectron, findElectron, hasDisplay, openElectron, openInBrowser } from '../../server/shells.ts';
import { findRunningHost } from '../../server/web/running-host.ts';
import { defineCommand, runCommand, type CommandContext } from '../run.ts';
import { addHostOptions, serve, type HostFlags } from './serve.ts';

export function addStartCommand(program: Command): void {
  addHostOptions(defineCommand(program, 'start [files...]',
    'open the app: its own window where Electron\'s program is there or can be fetched, otherwise a page in the browser', 'start holiday.mp4'))
    .option('--browser', 'in the browser, whatever else is there')
    .action((files: string[], flags: HostFlags & { browser?: boolean }) =>
      runCommand(flags.json === true, async (context) => {
        if (!buildInterface()) context.output.note('Without it there is the command line; the page that opens says how to go on.');
        const electron = flags.browser === true || !hasDisplay() ? undefined : findElectron() ?? fetchWindow(context);
        return electron !== undefined && existsSync(electronMain) ? await runElectron(context, electron, files) : await openPage(context, flags);
      }));
}

/** Once: Electron's program is no part of what npm installs. */
function fetchWindow({ output }: CommandContext): string | undefined {
  if (process.env['LONGTAKE_ELECTRON']) {
    output.note(`LONGTAKE_ELECTRON names ${process.env['LONGTAKE_ELECTRON']}, and there is no such file. Longtake opens in the browser.`);
    return undefined;
  }
  if (process.env['CI']) return undefined;
  const outcome = fetchElectron(defaultRoot(), () => { output.note('Fetching Electron for Longtake\'s own window (once, about 120 MB). "npm start -- --browser" does without it.'); });
  if (outcome === 'failed') output.note('Electron could not be fetched (the reason stands above), so Longtake opens in the browser. "npx install-electron" tries again; ELECTRON_MIRROR names another place to fetch it from.');
  return findElectron();
}

/** Electron's exit is ours. */
async function runElectron({ signal }: CommandContext, electron: string, files: readonly string[]): Promise<number> {
  const app = openElectron(electron, files);
  signal.addEventListener('abort', () => { app.kill(); }, { once: true });
  return await new Promise((resolve, reject) => {
    app.on('exit', (code) => { resolve(code ?? 0); });
    app.on('error', (cause) => {
      reject(new LongtakeError('internal', `Electron could not be started (${cause.message}). "npm start -- --browser" opens the app in the browser.`, {}, { cause }));
    });
  });
}

/** A second start leads to the host that is there: two would only show the same library twice. */
async function openPage(context: CommandContext, flags: HostFlags): Promise<number> {
  const { output } = context;
  const running = await findRunningHost(defaultRoot());
  if (running === undefined) return await serve(context, flags, (host) => { openInBrowser(host.visit()); });
  output.result({ address: running.address }, `Longtake is running already, at ${running.address}`);
  openInBrowser(running.visit);
  return 0;
}
