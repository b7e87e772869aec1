/**
 * Takes pictures of the app in each of its states, in two sizes and both themes, some of them in Chinese, in a small
 * window and at 200 % zoom too, to be looked at: `npm run screenshots`, or of some states, `node scripts/screenshots.ts --only search,palette`.
 * They go to out/screenshots, or to `--to DIRECTORY`. With `--memory FILE`, an export of the sample's memory, nobody waits for its encode.
 * Not shown is what only Electron has (a window that crashed, the question at quitting) and what a drive of its own would take (one that
 * fills up while it is written to; the pictures of it are those of the refusals).
 * With `--axe`, axe looks over each of them as well, and what it finds is a failure.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { closeBrowser, openApp, patientMs } from '../tests/e2e/browser/harness.ts';
import { violationsOf } from '../tests/e2e/browser/support/axe.ts';
import { connectTo } from '../tests/server/support/engine.ts';
import { makeLongFilm } from '../tests/renderer/support/long-film.ts';
import { archiveStory } from './screenshots/archive-story.ts';
import { chapterStory } from './screenshots/chapter-story.ts';
import { conversationStory } from './screenshots/conversation-story.ts';
import { firstStory } from './screenshots/first-story.ts';
import { folderStory } from './screenshots/folder-story.ts';
import { fullStory } from './screenshots/full-story.ts';
import { libraryStory } from './screenshots/library-story.ts';
import { menuStates } from './screenshots/menu-states.ts';
import { modelStory } from './screenshots/model-story.ts';
import { settingsStates } from './screenshots/settings-states.ts';
import type { Stage, State, Story } from './screenshots/state.ts';
import { storageStates } from './screenshots/storage-states.ts';
import { troubleStory } from './screenshots/trouble-story.ts';
import { wordsStory } from './screenshots/words-story.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, memory: { type: 'string' }, axe: { type: 'boolean', default: false }, to: { type: 'string', default: path.join(import.meta.dirname, '../out/screenshots') } } });
const wanted = values.only?.split(',');
const sizes = [{ width: 1440, height: 900 }, { width: 1000, height: 700 }] as const;
/** A small window, and the large one at 200 % zoom. */
const narrow = [{ width: 800, height: 600 }, { width: 720, height: 450 }] as const;
type Size = (typeof sizes | typeof narrow)[number];
const stories: readonly Story[] = [
  { name: 'a first start', chapters: [firstStory, conversationStory, menuStates, chapterStory, libraryStory, settingsStates, storageStates, modelStory, troubleStory, archiveStory] },
  { name: 'folders', chapters: [folderStory] },
  { name: 'a full library', furnish: (home) => makeLongFilm(home, { hours: 10, messages: 10_000 }), chapters: [fullStory] },
  wordsStory,
];
const scratch = mkdtempSync(path.join(tmpdir(), 'longtake-screenshots-'));
mkdirSync(values.to, { recursive: true });
let failed = 0;

try {
  for (const story of stories) {
    if (wanted === undefined || story.chapters.flat().some(isWanted)) await attempt(story.name, () => tell(story));
  }
} finally {
  await closeBrowser();
  rmSync(scratch, { recursive: true, force: true });
}
if (failed > 0) process.exitCode = 1;

function isWanted({ name }: State): boolean {
  return wanted?.includes(name) ?? true;
}

async function tell({ furnish, chapters }: Story): Promise<void> {
  const home = mkdtempSync(path.join(scratch, 'home-'));
  // Apart from what the test of the network writes: a library may move away.
  const library = path.join(home, 'library');
  await furnish?.(library);
  await using app = await openApp('web', { home, environment: { LONGTAKE_HOME: library } });
  const { origin, searchParams } = new URL(app.address ?? '');
  const connect = (): Promise<Stage['client']> => connectTo(origin, searchParams.get('token') ?? '');
  let client = await connect();
  const stage: Stage = {
    app, scratch, home: library, memory: values.memory,
    get client() { return client; },
    async reconnect() { client = await connect(); },
  };
  const page = await app.openPage({ viewport: sizes[0], permissions: ['clipboard-write'] });
  page.setDefaultTimeout(patientMs / 2);
  // The first chapter makes what the others are about; those that nobody wants to see are left out.
  const states = chapters.filter((chapter, index) => index === 0 || chapter.some(isWanted)).flat();
  const lastWanted = states.findLastIndex(isWanted);
  for (const [index, state] of states.entries()) {
    if (index > lastWanted || !(isWanted(state) || state.needed === true)) continue;
    const startedMs = performance.now();
    await attempt(state.name, async () => { await state.prepare?.(stage); });
    if (isWanted(state)) {
      for (const size of state.everywhere === true ? [...sizes, ...narrow] : sizes) {
        await page.setViewportSize(size);
        if (size === sizes[0] || state.fleeting === true) await attempt(`showing ${state.name}`, async () => { await state.show(page, stage); });
        await attempt(`taking ${state.name}`, () => takeIn(page, state, stage, size));
        if (state.fleeting === true) await attempt(`leaving ${state.name}`, async () => { await state.leave?.(page, stage); });
      }
      await page.setViewportSize(sizes[0]);
      // The tabs of the small window go with the next drawing; a state that found them there would press them.
      await page.getByRole('tab', { name: 'Conversation' }).waitFor({ state: 'detached' });
      if (state.fleeting !== true) await attempt(`leaving ${state.name}`, async () => { await state.leave?.(page, stage); });
    }
    await attempt(`after ${state.name}`, async () => { await state.after?.(stage); });
    console.log(`${state.name}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  }
  client.close();
}

/** One size of it, in both themes where the window is of a size that people use. */
async function takeIn(page: Page, { name, everywhere = false, around = (_page, _stage, look) => look() }: State, stage: Stage, { width, height }: Size): Promise<void> {
  const file = `${name}-${width}x${height}`;
  const themes = narrow.some((size) => size.width === width) ? ['light'] as const : ['light', 'dark'] as const;
  await around(page, stage, async () => {
    for (const theme of themes) await take(page, `${file}-${theme}`, theme);
  });
  if (!everywhere || width !== sizes[0].width) return;
  await stage.client.request('settings.change', { interface: { language: 'zh' } });
  await page.locator('html[lang|=zh]').waitFor({ state: 'attached' });
  await take(page, `${file}-zh`, 'light');
  await stage.client.request('settings.change', { interface: { language: null } });
  await page.locator('html[lang=en]').waitFor({ state: 'attached' });
}

async function take(page: Page, name: string, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await settle(page);
  await page.screenshot({ path: path.join(values.to, `${name}.png`) });
  if (!values.axe) return;
  for (const violation of await violationsOf(page, colorScheme)) {
    failed++;
    console.error(`${name}: ${violation}`);
  }
}

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
  await page.waitForTimeout(200);
}
