/**
 * A timeline of ten hours, zoomed and panned by a script in a real Chromium on the real web host and engine: 36,000
 * frames in memory, their pictures, subtitles, the waveform, citations, and where an answer looked. Reported are frames
 * by the clock, which here is that of a graphics card made of software, and what each frame cost the page's main thread
 * in processor time, which is what the timeline itself takes. `node tests/bench/timeline.ts [--hours 10] [--frames 240]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeLongFilm } from '../renderer/support/long-film.ts';
import { openAppPage } from '../support/app-page.ts';
import { median } from './support.ts';
import { traceMainThread, type Trace } from './trace.ts';

const { values } = parseArgs({ options: { hours: { type: 'string', default: '10' }, frames: { type: 'string', default: '240' }, messages: { type: 'string', default: '400' } } });
const frames = Number(values.frames);
/** Of a screen that shows sixty pictures a second. */
const frameMs = 1000 / 60;
const scratch = mkdtempSync(path.join(tmpdir(), 'longtake-timeline-'));
const home = path.join(scratch, 'home');

/** Runs in the page: one wheel event a frame, as a hand on a wheel makes them, each frame marked for the trace. */
const play = (deltaX: string, deltaY: string): string => `new Promise((resolve) => {
  const lanes = document.querySelector('section[aria-label=Timeline] canvas').parentElement;
  const box = lanes.getBoundingClientRect();
  let frame = 0;
  const tick = () => {
    performance.mark('frame');
    if (frame === ${frames}) { resolve(); return; }
    const share = frame / ${frames};
    const clientX = box.left + box.width * (0.5 + 0.3 * Math.sin(frame / 20));
    lanes.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX, clientY: box.top + 60, deltaX: ${deltaX}, deltaY: ${deltaY} }));
    frame++;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})`;
const gestures: Readonly<Record<string, string>> = {
  zoomIn: play('0', '-18'), panZoomedIn: play('share < 0.5 ? 60 : -60', '0'), zoomOut: play('0', '16'), zoomBackAndForth: play('0', '40 * Math.sin(frame / 8)'), panWide: play('25', '0'),
};

await makeLongFilm(home, { hours: Number(values.hours), messages: Number(values.messages) });
const app = await openAppPage(home, { reducedMotion: 'no-preference' });
const { browser, page } = app;
try {
  await page.goto(app.address);
  await page.getByRole('button', { name: /hours/u }).first().click();
  await page.getByRole('region', { name: 'Messages' }).waitFor();
  await page.getByRole('toolbar', { name: 'Times in the answers' }).waitFor();
  await page.waitForResponse(/thumbnail/u).catch(() => undefined);
  await page.waitForTimeout(15_000); // the waveform is made of ten hours of sound
  const figures: Record<string, unknown> = {};
  for (const [name, script] of Object.entries(gestures)) {
    figures[name] = describe(await traceMainThread(browser, page, async () => {
      await page.evaluate(script);
      await page.waitForTimeout(100);
    }));
  }
  console.log(JSON.stringify({ cores: cpus().length, hours: Number(values.hours), framesInMemory: Number(values.hours) * 3600, gestures: figures }, undefined, 2));
} finally {
  await app[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
}

/** What each frame took: all tasks of the main thread between its mark and the next. */
function describe({ tasks, marksMs }: Trace): Record<string, number> {
  const marks = marksMs('frame');
  const [first = 0, last = 0] = [marks[0], marks.at(-1)];
  const costs = marks.slice(1).map((end, index) => tasks.reduce((sum, { atMs, processorMs }) => atMs >= (marks[index] ?? end) && atMs < end ? sum + processorMs : sum, 0));
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    frames: costs.length,
    framesPerSecondByTheClock: round(costs.length / ((last - first) / 1000)),
    mainThreadMsMedian: round(median(costs)),
    mainThreadMs95th: round(costs.toSorted((one, other) => one - other)[Math.floor(costs.length * 0.95)] ?? NaN),
    mainThreadMsMost: round(Math.max(...costs)),
    shareOver16Point7Ms: round(costs.filter((ms) => ms > frameMs).length / costs.length),
    longTasks: tasks.filter(({ processorMs }) => processorMs > 50).length,
  };
}
