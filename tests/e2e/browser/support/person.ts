/** What a person sees and does in the app, by the names that things have on the screen. */
import type { Locator, Page } from 'playwright-core';
import { patientMs } from '../../../support/chromium.ts';

export const conversation = (page: Page): Locator => page.getByRole('complementary', { name: 'Conversation' });
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Your question' });
export const questions = (page: Page): Locator => page.getByRole('article', { name: 'You asked' });
export const answers = (page: Page): Locator => page.getByRole('article', { name: 'Answer' });
export const lastAnswer = (page: Page): Locator => answers(page).last();
/** An answer that has ended, however. */
export const finishedAnswers = (page: Page): Locator => page.locator('article[aria-label="Answer"][aria-busy="false"]');
export const rail = (page: Page): Locator => page.getByRole('navigation', { name: 'Library' });
export const timeline = (page: Page): Locator => page.getByRole('region', { name: 'Timeline' });
export const notices = (page: Page): Locator => page.getByRole('region', { name: /^Notification/u }).getByRole('listitem');
/** The button that opens a video. */
export const card = (page: Page, title: string): Locator => rail(page).getByRole('list', { name: 'Videos' }).getByRole('button', { name: new RegExp(`^${RegExp.escape(title)},`, 'u') });

export async function openVideo(page: Page, title: string): Promise<void> {
  await card(page, title).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** Waits until all of a video is in memory. */
export async function isReady(page: Page, title: string): Promise<void> {
  await eventually(() => card(page, title).getAttribute('aria-label'), (label) => label?.includes('Ready') === true, `${title} in memory`, 300_000);
}

/** One entry of the menu that a button opens. */
export async function choose(page: Page, opener: Locator, entry: string | RegExp): Promise<void> {
  await opener.click();
  await page.getByRole('menu').getByRole('menuitem', { name: entry }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

/** Types a question, and waits until it would be taken: the conversation and its messages are there by then. */
async function typeQuestion(page: Page, question: string): Promise<void> {
  await composer(page).fill(question);
  await page.getByRole('button', { name: 'Ask', exact: true }).and(page.locator(':enabled')).waitFor();
}

export async function ask(page: Page, question: string): Promise<void> {
  await typeQuestion(page, question);
  await composer(page).press('Enter');
}

/** Asks, and resolves with the first sign of the answer: before there is a word of it, however quick the machine is. */
export async function askAndSeeBegin(page: Page, question: string): Promise<void> {
  await typeQuestion(page, question);
  // The page itself looks out for it: it is there for less than a second, and a look now and then might miss it.
  const begun = page.evaluate(`new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('article[aria-label="Answer"][aria-busy="true"] [role=progressbar]') === null) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document.body, { subtree: true, childList: true });
  })`);
  await composer(page).press('Enter');
  await begun;
}

/** Asks and waits for the end of the answer; its text. */
export async function askAndRead(page: Page, question: string): Promise<string> {
  await typeQuestion(page, question);
  const before = await finishedAnswers(page).count();
  await composer(page).press('Enter');
  await finishedAnswers(page).nth(before).waitFor();
  return await finishedAnswers(page).nth(before).innerText();
}

const notice = (page: Page, words: string | RegExp): Locator => notices(page).filter({ hasText: words });

/** Does something that ends with a notice. It stands for seconds only, so it is waited for from the beginning. */
export async function seesNotice(page: Page, words: string | RegExp, act: () => Promise<void>): Promise<void> {
  await Promise.all([notice(page, words).first().waitFor(), act()]);
}

/** A refusal stays until somebody closes it. */
export async function closeNotice(page: Page, words: string | RegExp): Promise<void> {
  await notice(page, words).getByRole('button', { name: 'Close' }).click();
  await notice(page, words).waitFor({ state: 'detached' });
}

export async function undo(page: Page, words: string | RegExp): Promise<void> {
  await notice(page, words).getByRole('button', { name: 'Undo' }).click();
}

/** Where the picture stands, in seconds of the video. */
export const playerSeconds = (page: Page): Promise<number> => page.locator('video').evaluate((video) => (video as HTMLVideoElement).currentTime);

/** "1:02:03" and "02:03" as seconds. */
export function parseClock(clock: string): number {
  return clock.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

/** Presses down at one share of the timeline's width and lets go at another: a click, or a range. */
export async function dragTimeline(page: Page, from: number, to: number): Promise<void> {
  // Its first picture has come: from then on it has places.
  const box = await timeline(page).getByRole('slider', { name: 'Position on the timeline' }).and(page.locator(':not([aria-valuemax="0"])')).boundingBox();
  if (box === null) throw new Error('The timeline is not there.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: from === to ? 1 : 8 });
  await page.mouse.up();
}

/** How strongly the strip under the timeline is coloured at each of its columns: what is drawn of "looked at", over the whole video. */
export async function lookedAtColumns(page: Page): Promise<readonly number[]> {
  return await timeline(page).locator('canvas').last().evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    // Read from a copy: the browser warns of a canvas that is drawn for the screen and read.
    const copy = new OffscreenCanvas(canvas.width, 1).getContext('2d', { willReadFrequently: true });
    // A row above the times of the answers, which are drawn at the lower edge.
    copy?.drawImage(canvas, 0, -Math.floor(canvas.height / 3));
    const { data } = copy?.getImageData(0, 0, canvas.width, 1) ?? { data: new Uint8ClampedArray() };
    return Array.from({ length: canvas.width }, (_, column) => (data[column * 4 + 2] ?? 0) - (data[column * 4] ?? 0));
  });
}

/** Waits until something is true of the page; what was last seen is in the error. */
export async function eventually<Value>(look: () => Promise<Value>, holds: (value: Value) => boolean, what: string, timeoutMs = patientMs): Promise<Value> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > deadlineMs) throw new Error(`${what}: still ${JSON.stringify(value)}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
