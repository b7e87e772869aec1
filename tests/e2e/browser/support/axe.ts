import assert from 'node:assert/strict';
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * Looks a page over with axe, every rule of it; in the dark theme, which differs in nothing else, those about colours.
 * Fails with what was found, where, and why it matters.
 */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violationsOf(page, colorScheme), [], `${what}, ${colorScheme}`);
  }
}

/** What axe finds in a page that is shown in a theme. */
export async function violationsOf(page: Page, colorScheme: 'dark' | 'light'): Promise<readonly string[]> {
  const options: RunOptions = colorScheme === 'dark' ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {};
  // Evaluated, not added as a script: the page's policy takes none, and that is not what is asked here.
  await page.evaluate(`if (globalThis.axe === undefined) { ${axe.source} }`);
  const { violations } = await page.evaluate((chosen) => (globalThis as unknown as { axe: { run(chosen: RunOptions): Promise<AxeResults> } }).axe.run(chosen), options);
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`);
}
