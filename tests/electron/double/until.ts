import type { Page } from 'playwright-core';
import { patientMs } from '../../support/chromium.ts';

/** Waits until an expression in the page is truthy, and returns it. Playwright's own `waitForFunction` evaluates strings in the page, which its policy forbids. */
export async function until<Value>(page: Page, expression: string): Promise<Value> {
  const endMs = Date.now() + patientMs;
  for (;;) {
    const value = await page.evaluate(expression).catch(() => undefined) as Value | undefined;
    if (value !== undefined && value !== null && value !== false && value !== 0) return value;
    if (Date.now() > endMs) throw new Error(`In vain: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The same for what stands outside of a page. */
export async function eventually<Value>(look: () => Value | undefined | Promise<Value | undefined>): Promise<Value> {
  const endMs = Date.now() + patientMs;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > endMs) throw new Error(`In vain: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
