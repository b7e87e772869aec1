import assert from 'node:assert/strict';
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * Looks a page over with axe, every rule of it; in the dark theme, which differs in nothing else, those about colours.
 * Fails with what was found, where, and why it matters.
 */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  // Evaluated, not added as a script: the page's policy takes none, and that is not what is asked here.
  await page.evaluate(`if (globalThis.axe === undefined) { ${axe.source} }`);
  for (const [colorScheme, options] of [['dark', { runOnly: ['color-contrast', 'link-in-text-block'] }], ['light', {}]] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate((chosen) => (globalThis as unknown as { axe: { run(chosen: RunOptions): Promise<AxeResults> } }).axe.run(chosen), options as RunOptions);
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`);
    assert.deepEqual(found, [], `${what}, ${colorScheme}`);
  }
}
