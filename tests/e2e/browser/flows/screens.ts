import type { Locator } from 'playwright-core';
import { card, conversation, openVideo, questions, rail, timeline } from '../support/person.ts';
import { library } from './library.ts';
import { part } from './stage.ts';

/** What opens over the window, looked over by axe. */
export const screens = part([library], (stage) => {
  const { step, assertAccessible } = stage;

  step('menus are accessible while they are open, those of buttons and those where the pointer is', async (page) => {
    await openVideo(page, 'The farm');
    const main = page.getByRole('main');
    const press = async (opener: Locator): Promise<void> => { await opener.click(); };
    const menus: readonly (readonly [what: string, open: () => Promise<void>])[] = [
      ['the application\'s menu', async () => {
        await page.getByRole('button', { name: 'Longtake menu' }).press('Enter');
        for (const name of ['Playback', 'Jump']) await page.getByRole('menuitem', { name }).press('ArrowRight');
        await page.getByRole('menuitem', { name: 'Next frame' }).waitFor();
      }],
      ['a card\'s menu', () => press(rail(page).getByRole('button', { name: 'More about The farm' }))],
      ['a card\'s context menu', () => card(page, 'The farm').click({ button: 'right' })],
      ['the video\'s menu', () => press(main.getByRole('button', { name: 'More about The farm' }))],
      ['the speeds', () => press(main.getByRole('button', { name: /^Speed/u }))],
      ['the picture\'s context menu', () => page.locator('video').click({ button: 'right' })],
      ['the timeline\'s context menu', () => timeline(page).getByRole('slider', { name: 'Position on the timeline' }).click({ button: 'right' })],
      ['the conversation\'s menu', () => press(conversation(page).getByRole('button', { name: 'More about this conversation' }))],
      ['the conversations', () => press(conversation(page).getByRole('button', { name: /choose another conversation/u }))],
    ];
    for (const [what, open] of menus) {
      await open();
      await page.getByRole('menu').first().waitFor();
      await assertAccessible(page, what);
      while (await page.getByRole('menu').count() > 0) await page.keyboard.press('Escape');
    }
  });

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
});
