/**
 * Takes pictures of the app in each of its states, in two sizes and both themes, to be looked at: `npm run screenshots`,
 * or of some states, `node scripts/screenshots.ts --only search,palette`. They go to out/screenshots, or to `--to DIRECTORY`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { closeBrowser, openApp, patientMs } from '../tests/e2e/browser/harness.ts';
import { connectTo } from '../tests/server/support/engine.ts';
import { states, type Stage } from './screenshots/states.ts';

const { values } = parseArgs({ options: {
  only: { type: 'string' }, to: { type: 'string', default: path.join(import.meta.dirname, '../out/screenshots') },
  sizes: { type: 'string', default: '1440x900,1000x700' }, themes: { type: 'string', default: 'light,dark' },
} });
const wanted = values.only?.split(',');
const looks = values.sizes.split(',').flatMap((size) => values.themes.split(',').map((theme) => ({ size, theme })));
const scratch = mkdtempSync(path.join(tmpdir(), 'longtake-screenshots-'));
mkdirSync(values.to, { recursive: true });
let failed = 0;

try {
  await using app = await openApp('web', { home: path.join(scratch, 'home') });
  const { origin, searchParams } = new URL(app.address ?? '');
  const client = await connectTo(origin, searchParams.get('token') ?? '');
  const pages: { readonly name: string; readonly page: Page }[] = [];
  for (const { size, theme } of looks) {
    const [width = 0, height = 0] = size.split('x').map(Number);
    const page = await app.openPage({ viewport: { width, height }, colorScheme: theme === 'dark' ? 'dark' : 'light' });
    page.setDefaultTimeout(patientMs / 3);
    pages.push({ name: `${size}-${theme}`, page });
  }
  const stage: Stage = { app, client, scratch, home: path.join(scratch, 'home') };
  for (const state of states) {
    const shown = wanted === undefined || wanted.includes(state.name);
    if (!shown && state.needed !== true) continue;
    await attempt(state.name, async () => { await state.prepare?.(stage); });
    if (!shown) continue;
    for (const { name, page } of pages) {
      await attempt(`${state.name}, ${name}`, async () => {
        await state.show(page, stage);
        await settle(page);
        await page.screenshot({ path: path.join(values.to, `${state.name}-${name}.png`) });
        await state.leave?.(page, stage);
      });
    }
    await attempt(`${state.name}, afterwards`, async () => { await state.after?.(stage); });
  }
  client.close();
} finally {
  await closeBrowser();
  rmSync(scratch, { recursive: true, force: true });
}
if (failed > 0) process.exitCode = 1;

/** A state that cannot be reached is said, and the others are taken. */
async function attempt(what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    failed++;
    console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Fonts and pictures are there, and nothing moves any more. */
async function settle(page: Page): Promise<void> {
  // As text: the compiler settings here know no page.
  await page.evaluate('Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode().catch(() => undefined))]).then(() => undefined)');
  await page.waitForTimeout(300);
}
