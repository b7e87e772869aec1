import type { Page } from 'playwright-core';
import { openConversation, openVideo, showTab, type State } from './state.ts';

const closeMenus = async (page: Page): Promise<void> => {
  while (await page.getByRole('menu').count() > 0) await page.keyboard.press('Escape');
  await page.mouse.move(5, 5);
};

function menuOf(name: string, open: (page: Page) => Promise<void>): State {
  return {
    name, fleeting: true,
    async show(page) {
      await openVideo(page, 'Pebble Town');
      await open(page);
      await page.getByRole('menu').first().waitFor();
    },
    leave: closeMenus,
  };
}

/** What a press or a second button brings up, over a video that is in memory. */
export const menuStates: readonly State[] = [
  menuOf('menu', async (page) => {
    await page.getByRole('button', { name: 'Longtake menu' }).click();
    await page.getByRole('menuitem', { name: 'Playback' }).hover();
    await page.getByRole('menuitem', { name: 'Jump' }).hover();
    await page.getByRole('menuitem', { name: 'Next frame' }).waitFor();
  }),
  menuOf('menu-card', (page) => page.getByRole('navigation', { name: 'Library' }).getByRole('button', { name: 'More about Pebble Town' }).click()),
  menuOf('menu-timeline', async (page) => {
    await showTab(page, 'Video');
    await page.getByRole('slider', { name: 'Position on the timeline' }).click({ button: 'right' });
  }),
  menuOf('menu-speed', async (page) => {
    await showTab(page, 'Video');
    await page.getByRole('main').getByRole('button', { name: /^Speed/u }).click();
  }),
  menuOf('menu-conversation', async (page) => {
    await openConversation(page, /When does the bell/u);
    await page.getByRole('button', { name: 'More about this conversation' }).click();
  }),
  {
    name: 'rename-conversation', fleeting: true,
    async show(page) {
      await openConversation(page, /When does the bell/u);
      await page.getByRole('button', { name: 'More about this conversation' }).click();
      await page.getByRole('menuitem', { name: 'Rename' }).click();
      await page.getByRole('textbox', { name: 'Title of the conversation' }).waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'rail-hidden', fleeting: true,
    async show(page) {
      await openConversation(page, /When does the bell/u);
      await page.keyboard.press('ControlOrMeta+B');
      await page.getByRole('navigation', { name: 'Library' }).waitFor({ state: 'detached' });
      await page.waitForTimeout(600); // pictures of the timeline
    },
    leave: (page) => page.keyboard.press('ControlOrMeta+B'),
  },
];
