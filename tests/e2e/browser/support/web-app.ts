import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { desktop, patientMs } from '../../../support/chromium.ts';
import { startCli } from '../../../support/cli.ts';
import type { App, AppOptions } from '../harness.ts';
import { sharedBrowser } from './browser.ts';
import { dropFiles } from './drop-files.ts';
import { denyNetwork, engineProcess } from './network.ts';
import { watchProblems } from './problems.ts';
import { holdEngine, killEngine } from './processes.ts';

/** The web host of the command line, and a browser before it. */
export async function openWebApp({ home, context = {}, environment = {} }: AppOptions): Promise<App> {
  mkdirSync(home, { recursive: true });
  const network = denyNetwork(home);
  const host = startCli(home, ['serve', '--json'], { ...network.environment, ...environment });
  const words: string[] = [];
  host.stderr?.on('data', (part: Buffer) => { words.push(part.toString()); });
  const ended = once(host, 'exit');
  const quit = async (): Promise<void> => {
    host.kill('SIGTERM');
    await Promise.race([ended, pause(patientMs, undefined, { ref: false }).then(() => { host.kill('SIGKILL'); })]);
  };
  const line = await Promise.race([once(host.stdout ?? host, 'data') as Promise<[Buffer]>, ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`The web host has ended: ${words.join('')}`);
  const { address } = JSON.parse(line[0].toString()) as { address: string };

  const problems = watchProblems();
  const contexts: BrowserContext[] = [];
  const openPage = async (more: BrowserContextOptions = {}, target = address): Promise<Page> => {
    const opened = await (await sharedBrowser()).newContext({ ...desktop, ...context, ...more });
    opened.setDefaultTimeout(patientMs);
    contexts.push(opened);
    const page = await opened.newPage();
    problems.watch(page);
    await page.goto(target);
    return page;
  };
  try {
    const page = await openPage();
    return {
      kind: 'web', page, problems, address, openPage,
      drop: (files) => dropFiles(page, files),
      chooseFiles: (act, files) => chooseInPage(page, act, files),
      async saveFile(act, file) {
        const [download] = await Promise.all([page.waitForEvent('download'), act()]);
        assert.equal(path.extname(download.suggestedFilename()), path.extname(file));
        await download.saveAs(file);
      },
      killEngine: (disturbance) => killEngine(host.pid ?? 0, disturbance),
      holdEngine: (disturbance) => holdEngine(host.pid ?? 0, disturbance),
      askedToQuit: () => [],
      async [Symbol.asyncDispose]() {
        for (const one of contexts) await one.close();
        await quit();
        network.assertNoneTried([/cli[\\/]main\.ts serve/u, engineProcess]);
      },
    };
  } catch (error) {
    await quit();
    throw error;
  }
}

/** In the page's own dialog over the files of the engine's machine. */
async function chooseInPage(page: Page, act: () => Promise<void>, files: readonly string[]): Promise<void> {
  await act();
  const dialog = page.getByRole('dialog');
  const folder = dialog.getByRole('textbox', { name: 'Folder' });
  await folder.fill(path.dirname(files[0] ?? ''));
  await folder.press('Enter');
  for (const file of files) await dialog.getByRole('button', { name: path.basename(file) }).click();
  await dialog.getByRole('button', { name: /^Open/u }).click();
  await dialog.waitFor({ state: 'detached' });
}
