import type { Browser } from 'playwright-core';
import { launchChromium } from '../../../support/chromium.ts';

let browser: Promise<Browser> | undefined;

/** One browser a test file; every app and page gets a context of its own, which is a profile. */
export const sharedBrowser = (): Promise<Browser> => browser ??= launchChromium();

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}
