/**
 * A conversation of thousands of messages, scrolled with the wheel from its end to its beginning and back, in a real
 * Chromium on the real web host and engine. Tasks of the page's main thread over 50 ms are reported, they are what
 * stutters: by the clock, and by the processor's time, which a busy machine does not stretch. `--slowdown 4` is a machine of
 * a fourth of this one's speed: Chromium keeps the main thread busy for the rest, which counts in both.
 * `node tests/bench/messages-scroll.ts [--messages 2000] [--slowdown 1]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { makeLongConversation } from '../renderer/support/long-conversation.ts';
import { openAppPage } from '../support/app-page.ts';
import { traceMainThread } from './trace.ts';

const { values } = parseArgs({ options: { messages: { type: 'string', default: '2000' }, slowdown: { type: 'string', default: '1' } } });
const slowdown = Number(values.slowdown);
const wheelPixels = 900;
const scratch = mkdtempSync(path.join(tmpdir(), 'longtake-scroll-'));
const home = path.join(scratch, 'home');

type PageFigures = { readonly longTasks: number; readonly longestTaskMs: number; readonly frames: number; readonly slowestFrameMs: number; readonly startsAtPixels: number; readonly endsAtPixels: number };
type Figures = PageFigures & { readonly longTasksByProcessorTime: number; readonly longestTaskProcessorMs: number };

const list = "document.querySelector('[role=region]:has(> ol)')";
const position = `Math.round(${list}?.scrollTop ?? -1)`;
/** Runs in the page: gathers long tasks and the times between frames. */
const startRecord = `
  const record = { tasks: [], frames: [], running: true, startsAtPixels: ${position} };
  record.observer = new PerformanceObserver((list) => { record.tasks.push(...list.getEntries().map(({ duration }) => duration)); });
  record.observer.observe({ type: 'longtask' });
  let before = performance.now();
  const tick = (now) => { record.frames.push(now - before); before = now; if (record.running) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  globalThis.scrollRecord = record;`;
const endRecord = `(() => {
  const record = globalThis.scrollRecord;
  record.running = false;
  record.observer.disconnect();
  return {
    longTasks: record.tasks.length, longestTaskMs: Math.max(0, ...record.tasks), frames: record.frames.length, slowestFrameMs: Math.round(Math.max(...record.frames)),
    startsAtPixels: record.startsAtPixels, endsAtPixels: ${position},
  };
})()`;
/** A wheel is handled a frame or two after it was turned. */
const stillFrames = 10;
const nextFrame = 'new Promise(requestAnimationFrame)';

await makeLongConversation(home, Number(values.messages));
const app = await openAppPage(home, { reducedMotion: 'no-preference' }, 'graphics');
const { browser, page } = app;
try {
  if (slowdown !== 1) await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.goto(app.address);
  const card = await page.getByRole('button', { name: 'film.mp4' }).first().elementHandle();
  const opening = await watch(page, async () => {
    // Looking for elements by their roles would be the longest task of all.
    await card?.click();
    while (await page.evaluate(`${nextFrame}.then(() => ${list}?.innerText.includes('Answer ${Number(values.messages) / 2 - 1}:') !== true)`) === true);
  });
  await page.getByRole('region', { name: 'Messages' }).hover();
  const wheel = (direction: 1 | -1) => async (): Promise<void> => {
    // As far as it goes: a wheel that moves nothing any more, for some frames, has come to an end.
    for (let still = 0, before = NaN; still < stillFrames;) {
      await page.mouse.wheel(0, direction * wheelPixels);
      await page.evaluate(nextFrame);
      const now = await page.evaluate(position);
      still = now === before ? still + 1 : 0;
      before = now as number;
    }
  };
  const up = await watch(page, wheel(-1));
  const down = await watch(page, wheel(1));
  const jump = await watch(page, async () => {
    for (const key of ['Home', 'End', 'Home', 'End']) {
      await page.getByRole('region', { name: 'Messages' }).press(key);
      await page.waitForTimeout(400);
    }
  });
  console.log(JSON.stringify({ cores: cpus().length, messages: Number(values.messages), slowdown, opening, up, down, jump }, undefined, 2));
} finally {
  await app[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
}

/** Long tasks and frames of the page while something is done. */
async function watch(page: Page, run: () => Promise<void>): Promise<Figures> {
  let figures: PageFigures | undefined;
  const { tasks } = await traceMainThread(browser, page, async () => {
    await page.evaluate(`{${startRecord}}`);
    await run();
    await page.waitForTimeout(100);
    figures = await page.evaluate(endRecord);
  });
  const processorMs = tasks.map((task) => task.processorMs);
  if (figures === undefined) throw new Error('The page has recorded nothing.');
  return { ...figures, longTasksByProcessorTime: processorMs.filter((ms) => ms > 50).length, longestTaskProcessorMs: Math.round(Math.max(0, ...processorMs)) };
}
