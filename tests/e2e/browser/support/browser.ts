import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launchChromium } from '../../../support/chromium.ts';

/** Long enough for two slow cores that others want as well; what takes longer hangs. */
export const patientMs = 60_000;

/** A window as most people have it. */
export const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, locale: 'en-GB', colorScheme: 'light', reducedMotion: 'reduce', acceptDownloads: true };

let browser: Promise<Browser> | undefined;

/** One browser a test file; every app and page gets a context of its own, which is a profile. */
export const sharedBrowser = (): Promise<Browser> => browser ??= launchChromium();

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}
