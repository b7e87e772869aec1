/**
 * A folder with thousands of videos: what the engine takes to list it and a question across all of it, and what the rail
 * takes to show, scroll, choose and close it in a real Chromium. Tasks of the page's main thread over 50 ms are what
 * stutters, by the processor's time, which a busy machine does not stretch. `node tests/bench/folders.ts [--videos 10000]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openLibrary } from '../../engine/library/index.ts';
import { openHome } from '../../engine/pipeline/home.ts';
import { connectTo } from '../server/support/engine.ts';
import { openAppPage } from '../support/app-page.ts';
import { traceMainThread } from './trace.ts';

const { values } = parseArgs({ options: { videos: { type: 'string', default: '10000' } } });
const scratch = mkdtempSync(path.join(tmpdir(), 'longtake-folders-'));
const home = path.join(scratch, 'home');
process.env['LONGTAKE_HOME'] = home;
const library = openLibrary(openHome().libraryFile);
const ids = library.transaction(() => {
  const added = Array.from({ length: Number(values.videos) }, (_, index) => library.videos.upsert({ fingerprint: `v1-1-${index}`, title: `film ${index}`, path: `/films/${index}.mp4` }).id);
  library.folders.put(added, library.folders.create('Archive').id);
  return added;
});
library.close();

const figures: Record<string, number> = { videos: ids.length };
async function time<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
  const startedMs = performance.now();
  const result = await run();
  figures[`${name} ms`] = Math.round(performance.now() - startedMs);
  return result;
}

const app = await openAppPage(home);
const { page } = app;
try {
  const client = await connectTo(app.origin, app.token);
  await time('library.list', () => client.request('library.list', {}));
  const { surveyId } = await time('surveys.ask', () => client.request('surveys.ask', { question: 'What is there?', videoIds: ids }));
  await client.request('surveys.stop', { surveyId });
  await time('surveys.get', () => client.request('surveys.get', { surveyId }));
  await time('folders.put, all', () => client.request('folders.put', { videoIds: ids, folderId: null }));
  const [folder] = (await client.request('library.list', {})).folders;
  await client.request('folders.put', { videoIds: ids, folderId: folder?.id ?? null });
  client.close();

  const list = page.getByRole('list', { name: 'Videos' });
  const head = list.getByRole('button', { name: /^Archive, folder/u });
  const watched = async (name: string, run: () => Promise<unknown>): Promise<void> => {
    const { tasks } = await traceMainThread(app.browser, page, async () => {
      await time(name, run);
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)))');
    });
    const processorMs = tasks.map((task) => task.processorMs);
    figures[`${name}: tasks over 50 ms`] = processorMs.filter((ms) => ms > 50).length;
    figures[`${name}: longest task ms`] = Math.round(Math.max(0, ...processorMs));
  };
  await watched('show', async () => {
    await page.goto(app.address);
    await head.waitFor();
  });
  await list.hover();
  await watched('scroll', async () => {
    for (let turn = 0; turn < 60; turn++) {
      await page.mouse.wheel(0, 1200);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
  });
  await page.mouse.wheel(0, -1e7);
  await head.focus();
  await watched('choose all', async () => {
    await page.keyboard.press('ControlOrMeta+a');
    await page.getByText(/[\d,]+ chosen/u).waitFor();
  });
  await page.keyboard.press('Escape');
  await watched('close', async () => {
    await page.keyboard.press('ArrowLeft');
    await list.getByRole('button', { name: /^Archive, folder/u, expanded: false }).waitFor();
  });
} finally {
  await app.browser.close();
  await app[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(JSON.stringify(figures, undefined, 2));
