/** What a person sees and does in the app, by the names that things have on the screen. */
import type { Locator, Page } from 'playwright-core';

export const conversation = (page: Page): Locator => page.getByRole('complementary', { name: 'Conversation' });
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Your question' });
export const questions = (page: Page): Locator => page.getByRole('article', { name: 'You asked' });
export const answers = (page: Page): Locator => page.getByRole('article', { name: 'Answer' });
export const lastAnswer = (page: Page): Locator => answers(page).last();
/** An answer that has ended, however. */
export const finishedAnswers = (page: Page): Locator => page.locator('article[aria-label="Answer"][aria-busy="false"]');
export const rail = (page: Page): Locator => page.getByRole('navigation', { name: 'Library' });
export const notices = (page: Page): Locator => page.getByRole('region', { name: /^Notification/u }).getByRole('listitem');

export async function ask(page: Page, question: string): Promise<void> {
  await composer(page).fill(question);
  await composer(page).press('Enter');
}

/** Asks and waits for the end of the answer; its text. */
export async function askAndRead(page: Page, question: string): Promise<string> {
  const before = await finishedAnswers(page).count();
  await ask(page, question);
  await finishedAnswers(page).nth(before).waitFor();
  return await finishedAnswers(page).nth(before).innerText();
}

/** Where the picture stands, in seconds of the video. */
export const playerSeconds = (page: Page): Promise<number> => page.locator('video').evaluate((video) => (video as HTMLVideoElement).currentTime);

/** "1:02:03" and "02:03" as seconds. */
export function parseClock(clock: string): number {
  return clock.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

/** Waits until something is true of the page; what was last seen is in the error. */
export async function eventually<Value>(look: () => Promise<Value>, holds: (value: Value) => boolean, what: string, timeoutMs = 30_000): Promise<Value> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > deadlineMs) throw new Error(`${what}: still ${JSON.stringify(value)}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
