import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { untilQueue } from '../../tests/server/support/engine.ts';
import { cutSample } from '../../tests/e2e/browser/support/clips.ts';
import { closeNotices, engineHeld, notices, openVideo, type Stage, type State } from './state.ts';

const rail = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('navigation', { name: 'Library' });
const film = (page: Page, title: string): ReturnType<Page['getByRole']> => rail(page).getByRole('button', { name: new RegExp(`^${title}`, 'u') }).first();
const question = 'When does the umbrella appear?';

async function idsOf({ client }: Stage, ...titles: readonly string[]): Promise<string[]> {
  const { videos } = await client.request('library.list', {});
  return titles.map((title) => videos.find((video) => video.title.startsWith(title))?.id ?? '');
}

/** Folders of videos, and questions that are asked of several. */
export const folderStory: readonly State[] = [
  {
    name: 'folders', needed: true, everywhere: true,
    async prepare(stage) {
      const directory = path.join(stage.scratch, 'Pebble Town in summer');
      mkdirSync(directory);
      const clips = [['First morning', 300], ['Market day', 900], ['Rain at noon', 1500], ['The long evening', 2100]] as const;
      for (const [name, startSeconds] of clips) await cutSample(path.join(directory, `${name}.mp4`), { startSeconds, seconds: 45 });
      for (const [name, startSeconds] of [['Harbour', 2700], ['Out of the window', 3000]] as const) await cutSample(path.join(stage.scratch, `${name}.mp4`), { startSeconds, seconds: 45 });
      await stage.client.request('queue.add', { paths: [directory, path.join(stage.scratch, 'Harbour.mp4')] });
      await untilQueue(stage.client, (jobs) => jobs.length === 0);
      const { results: [last] } = await stage.client.request('queue.add', { paths: [path.join(stage.scratch, 'Out of the window.mp4')] });
      if (last?.outcome === 'queued') await stage.client.request('queue.remove', { jobId: last.jobId });
      await stage.client.request('folders.create', { name: 'Winter', videoIds: await idsOf(stage, 'Rain') });
    },
    async show(page) {
      await openVideo(page, 'Harbour');
      await film(page, 'First morning').click({ modifiers: ['ControlOrMeta'] });
      await film(page, 'Harbour').click({ modifiers: ['ControlOrMeta'] });
      await rail(page).getByText('2 chosen').waitFor();
    },
  },
  {
    name: 'move-to-folder',
    async show(page) {
      await page.keyboard.press('ControlOrMeta+Shift+M');
      await page.getByRole('dialog', { name: 'Move to folder' }).waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'survey-new', everywhere: true,
    async show(page, stage) {
      await stage.client.request('surveys.ask', { question: 'What do the signs say?', videoIds: await idsOf(stage, 'Market', 'First') });
      await rail(page).getByRole('button', { name: 'Choose none' }).click();
      await openVideo(page, 'Harbour');
      await page.keyboard.press('ControlOrMeta+Shift+A');
      await page.getByRole('button', { name: /What do the signs say/u }).waitFor();
    },
  },
  {
    name: 'survey-running', fleeting: true,
    async show(page) {
      await openVideo(page, 'Harbour');
      await page.keyboard.press('ControlOrMeta+Shift+A');
      // A second size asks anew, not the same videos something else.
      await page.getByRole('heading', { name: 'Which videos?' }).waitFor();
      await page.getByRole('textbox', { name: /^Ask \d+ videos$/u }).fill('When does the bell appear, and where?');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Stop' }).first().waitFor();
    },
    around: engineHeld,
    leave: (page) => page.getByRole('button', { name: 'Stop' }).first().click(),
  },
  {
    name: 'survey', everywhere: true,
    async show(page, stage) {
      const { surveyId } = await stage.client.request('surveys.ask', { question, videoIds: await idsOf(stage, 'First', 'Out', 'Market', 'Rain', 'The long', 'Harbour') });
      for (;;) {
        const { running } = await stage.client.request('surveys.get', { surveyId });
        if (!running) break;
        await new Promise((resolve) => { setTimeout(resolve, 100); });
      }
      await page.keyboard.press('ControlOrMeta+Shift+A');
      await page.getByRole('button', { name: new RegExp(question, 'u') }).click();
      await page.getByRole('list').getByRole('article').nth(1).waitFor();
    },
  },
  {
    name: 'survey-stopped',
    async show(page, stage) {
      const asked = 'What is there at noon?';
      const { surveyId } = await stage.client.request('surveys.ask', { question: asked, videoIds: await idsOf(stage, 'First', 'Market', 'Rain', 'The long', 'Harbour') });
      await stage.client.request('surveys.stop', { surveyId });
      await page.keyboard.press('ControlOrMeta+K');
      await page.getByRole('combobox').fill('at noon');
      await page.getByRole('option', { name: asked }).click();
      await page.getByRole('button', { name: 'Go on' }).waitFor();
    },
  },
  {
    name: 'folder-removed', fleeting: true,
    async show(page) {
      await rail(page).getByRole('button', { name: /Winter/u }).first().click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Remove folder' }).click();
      await notices(page).getByRole('button', { name: 'Undo' }).waitFor();
    },
    async leave(page) {
      await notices(page).getByRole('button', { name: 'Undo' }).click();
      await closeNotices(page);
    },
  },
  {
    name: 'search-folders',
    async show(page) {
      await page.keyboard.press('ControlOrMeta+F');
      await page.getByRole('combobox').fill('in');
      await page.getByRole('group', { name: 'Folders' }).getByRole('option').first().waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
];
