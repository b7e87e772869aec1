import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { cutSample } from '../../tests/e2e/browser/support/clips.ts';
import { untilQueue } from '../../tests/server/support/engine.ts';
import { closeSettings, openSettings } from './settings-states.ts';
import { closeNotices, notices, type Stage, type State } from './state.ts';

const titles = ['A day at the beach', 'A night in the forest'];

async function idOf({ client }: Stage, title: string): Promise<string | undefined> {
  return (await client.request('library.list', {})).videos.find((video) => video.title.startsWith(title))?.id;
}

export async function openMove(page: Page): Promise<void> {
  await openSettings(page, 'Storage');
  await page.getByRole('button', { name: 'Move …' }).click();
}

/** What takes room, what is let go, and a library on its way to another drive. */
export const storageStates: readonly State[] = [
  {
    name: 'removed', needed: true, fleeting: true,
    async prepare(stage) {
      const directory = path.join(stage.scratch, 'storage');
      mkdirSync(directory);
      for (const [index, title] of titles.entries()) await cutSample(path.join(directory, `${title}.mp4`), { startSeconds: 600 * index, seconds: 20 });
      await stage.client.request('queue.add', { paths: titles.map((title) => path.join(directory, `${title}.mp4`)) });
      await untilQueue(stage.client, (jobs) => jobs.every(({ title }) => !titles.some((ours) => title.startsWith(ours))));
      const second = await idOf(stage, titles[1] ?? '');
      if (second !== undefined) await stage.client.request('library.remove', { videoId: second });
    },
    async show(page) {
      const rail = page.getByRole('navigation', { name: 'Library' });
      await rail.getByRole('button', { name: new RegExp(`^More about ${titles[0] ?? ''}`, 'u') }).click();
      await page.getByRole('menuitem', { name: 'Remove from library' }).click();
      await notices(page).getByRole('button', { name: 'Undo' }).waitFor();
    },
    leave: async (page) => {
      await notices(page).getByRole('button', { name: 'Undo' }).first().click();
      await closeNotices(page);
    },
  },
  {
    name: 'storage-removed',
    async show(page) {
      await openSettings(page, 'Storage');
      await page.getByRole('button', { name: 'Delete all …' }).scrollIntoViewIfNeeded();
    },
    leave: closeSettings,
  },
  {
    name: 'storage-delete',
    async show(page) {
      await openSettings(page, 'Storage');
      await page.getByRole('button', { name: 'Delete all …' }).click();
      await page.getByRole('dialog', { name: /for good\?$/u }).or(page.getByRole('alertdialog')).waitFor();
    },
    async leave(page) {
      await page.keyboard.press('Escape');
      await closeSettings(page);
    },
  },
  {
    name: 'library-move',
    async show(page, { scratch }) {
      await openMove(page);
      await page.getByRole('textbox', { name: 'New place' }).fill(path.join(scratch, 'storage'));
      await page.getByRole('button', { name: 'Move library' }).click();
      await page.getByRole('alert').waitFor();
    },
    leave: closeSettings,
  },
];
