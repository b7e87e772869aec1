import type { Page } from 'playwright-core';

/**
 * Drops files on the middle of the window, as the system does it: by path, folders too. In a hurry: what is below the
 * pointer in the end has heard nothing of the drag before.
 */
export async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 1000, height: 700 };
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver'] as const) await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: 4, data });
  await page.getByText('Drop videos, folders or memories').waitFor();
  await session.send('Input.dispatchDragEvent', { type: 'drop', x: width / 2, y: height / 2, data });
  await session.detach();
}
