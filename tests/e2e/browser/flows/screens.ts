import { openVideo, questions } from '../support/person.ts';
import type { Stage } from './stage.ts';

/** What opens over the window, looked over by axe. */
export function screens(stage: Stage): void {
  const { step, assertAccessible } = stage;

  step('commands, settings and their pages, and the narrow window are accessible', async (page) => {
    await openVideo(page, 'The farm');
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog', { name: 'All commands' }).waitFor();
    await assertAccessible(page, 'commands');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Settings' }).click();
    const settings = page.getByRole('dialog', { name: 'Settings' });
    for (const name of ['General', 'Models', 'Storage', 'Shortcuts', 'About']) {
      await settings.getByRole('tab', { name }).click();
      await settings.getByRole('tabpanel', { name }).waitFor();
      await assertAccessible(page, `settings, ${name}`);
    }
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 900, height: 700 });
    try {
      await page.getByRole('tab', { name: 'Video' }).click();
      await assertAccessible(page, 'a narrow window with the video');
      await page.getByRole('tab', { name: 'Conversation' }).click();
      await page.getByRole('textbox', { name: 'Your question' }).waitFor();
      await assertAccessible(page, 'a narrow window with the conversation');
      await page.reload();
      await questions(page).first().waitFor();
    } finally {
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  });
}
