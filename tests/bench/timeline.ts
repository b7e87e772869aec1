/**
 * A timeline of ten hours, zoomed and panned by a script in a real Chromium on the real web host and engine: 36,000
 * frames in memory, their pictures, subtitles, the waveform, citations, and where an answer looked. Reported are frames by
 * the clock, both as the page made them and as they were on the screen; what each cost in processor time, which does not
 * grow where others keep the machine busy; and the same of a canvas as large that is only emptied and given one picture:
 * what a machine without a graphics card can draw at most. Linux.
 * `node tests/bench/timeline.ts [--hours 10] [--frames 240] [--rounds 1]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeLongFilm } from '../renderer/support/long-film.ts';
import { openAppPage } from '../support/app-page.ts';
import { browserTimes } from './processor-time.ts';
import { describeMachine, median } from './support.ts';
import { traceMainThread, type Trace } from './trace.ts';

const { values } = parseArgs({ options: { hours: { type: 'string', default: '10' }, frames: { type: 'string', default: '240' }, messages: { type: 'string', default: '400' }, rounds: { type: 'string', default: '1' } } });
const frames = Number(values.frames);
/** Of a screen that shows sixty pictures a second. */
const frameMs = 1000 / 60;
const scratch = mkdtempSync(path.join(tmpdir(), 'longtake-timeline-'));
const home = path.join(scratch, 'home');

/** Runs in the page: something with every frame, each marked for the trace. */
const everyFrame = (body: string, before = '', after = ''): string => `new Promise((resolve) => {
  const canvas = document.querySelector('section[aria-label=Timeline] canvas');
  const box = canvas.getBoundingClientRect();
  ${before}
  let frame = 0;
  const tick = () => {
    performance.mark('frame');
    if (frame === ${frames}) { ${after} resolve(); return; }
    ${body}
    frame++;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})`;
/** One wheel event a frame, as a hand on a wheel makes them. */
const play = (deltaX: string, deltaY: string): string => everyFrame(`
  const share = frame / ${frames};
  const clientX = box.left + box.width * (0.5 + 0.3 * Math.sin(frame / 20));
  canvas.parentElement.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX, clientY: box.top + 60, deltaX: ${deltaX}, deltaY: ${deltaY} }));`);
const gestures: Readonly<Record<string, string>> = {
  zoomIn: play('0', '-18'), panZoomedIn: play('share < 0.5 ? 60 : -60', '0'), zoomOut: play('0', '16'),
  // As fast as a hand spins a wheel: up to 20 or 24 notches (2,400 pixels) a second, from all of it to a fourth and back 1.2 times a second.
  zoomBackAndForth: play('0', '40 * Math.sin(frame / 8)'), panWide: play('25', '0'),
  onlyOnePicture: everyFrame('brush.clearRect(0, 0, own.width, own.height); brush.drawImage(picture, 0, 0, own.width - (frame % 50), own.height);', `
    const own = document.body.appendChild(Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height }));
    Object.assign(own.style, { position: 'fixed', zIndex: 99, left: box.left + 'px', top: box.top + 'px', width: box.width + 'px', height: box.height + 'px' });
    const picture = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
    picture.getContext('2d').fillRect(0, 0, 80, 90);
    const brush = own.getContext('2d');`, 'own.remove();'),
};

await makeLongFilm(home, { hours: Number(values.hours), messages: Number(values.messages) });
const app = await openAppPage(home, { reducedMotion: 'no-preference' }, 'graphics');
const { browser, page } = app;
try {
  await page.goto(app.address);
  await page.getByRole('button', { name: /hours/u }).first().click();
  await page.getByRole('region', { name: 'Messages' }).waitFor();
  await page.getByRole('toolbar', { name: 'Times in the answers' }).waitFor();
  await page.waitForResponse(/thumbnail/u).catch(() => undefined);
  await page.waitForTimeout(15_000); // the waveform is made of ten hours of sound
  const rounds: Record<string, Record<string, number>[]> = {};
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [name, script] of Object.entries(gestures)) (rounds[name] ??= []).push(await measure(script));
  }
  const figures = Object.fromEntries(Object.entries(rounds).map(([name, measured]) => [name, mediansOf(measured)]));
  console.log(JSON.stringify({ machine: describeMachine(), load: loadavg()[0], hours: Number(values.hours), framesInMemory: Number(values.hours) * 3600, frames, rounds: Number(values.rounds), gestures: figures }, undefined, 2));
} finally {
  await app[Symbol.asyncDispose]();
  rmSync(scratch, { recursive: true, force: true });
}

/** Pixels are read back when all that was drawn before is: a graphics card made of software runs behind the page by seconds. */
async function allIsShown(): Promise<void> {
  await page.screenshot({ clip: { x: 0, y: 0, width: 8, height: 8 } });
}

async function measure(script: string): Promise<Record<string, number>> {
  await allIsShown();
  let shownMs = 0;
  const before = browserTimes();
  let after = before;
  const trace = await traceMainThread(browser, page, async () => {
    const fromMs = performance.now();
    await page.evaluate(script);
    await allIsShown();
    shownMs = performance.now() - fromMs;
    after = browserTimes();
  });
  return {
    ...describe(trace), framesPerSecondShown: frames / (shownMs / 1000), graphicsMsMean: (after.graphicsMs - before.graphicsMs) / frames,
    pageMainThreadMsMean: (after.pageMainMs - before.pageMainMs) / frames, pageOtherThreadsMsMean: (after.pageOthersMs - before.pageOthersMs) / frames,
  };
}

function mediansOf(measured: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  return Object.fromEntries(Object.keys(measured[0] ?? {}).map((name) => [name, Math.round(median(measured.map((one) => one[name] ?? NaN)) * 100) / 100]));
}

/** What each frame took: all tasks of the main thread between its mark and the next. */
function describe({ tasks, marksMs }: Trace): Record<string, number> {
  const marks = marksMs('frame');
  const [first = 0, last = 0] = [marks[0], marks.at(-1)];
  const costs = marks.slice(1).map((end, index) => tasks.reduce((sum, { atMs, processorMs }) => atMs >= (marks[index] ?? end) && atMs < end ? sum + processorMs : sum, 0));
  return {
    framesPerSecondByTheClock: costs.length / ((last - first) / 1000),
    mainThreadMsMedian: median(costs),
    mainThreadMs95th: costs.toSorted((one, other) => one - other)[Math.floor(costs.length * 0.95)] ?? NaN,
    mainThreadMsMost: Math.max(...costs),
    shareOver16Point7Ms: costs.filter((ms) => ms > frameMs).length / costs.length,
    longTasks: tasks.filter(({ processorMs }) => processorMs > 50).length,
  };
}
