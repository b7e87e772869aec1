import type { Page } from 'playwright-core';
import { sampleId } from './first-story.ts';
import { closeNotices, engineHeld, openVideo, showTab, type Stage, type State } from './state.ts';

/** Chapters that the demo model made of the sample: offered, being made, on the timeline, and in their dialog. */
export const chapterStory: readonly State[] = [
  {
    name: 'chapters-offered',
    async prepare(stage) { await stage.client.request('chapters.remove', { videoId: await sampleId(stage) }); },
    async show(page) {
      await showEmptyConversation(page);
      await page.getByRole('button', { name: 'Make chapters and a summary' }).waitFor();
    },
  },
  {
    name: 'chapters-making', fleeting: true, around: engineHeld,
    async show(page) {
      await showEmptyConversation(page);
      await page.getByRole('button', { name: /^(?:Make chapters and a summary|Go on)$/u }).click();
      await page.getByText(/^Chapter (?:[3-9]|1[0-4]) of 15$/u).waitFor();
    },
    leave: (page) => page.getByRole('button', { name: 'Stop', exact: true }).first().click(),
  },
  {
    name: 'chapters-summary', needed: true, everywhere: true,
    prepare: untilMade,
    async show(page) {
      await showEmptyConversation(page);
      await page.getByRole('button', { name: '15 chapters' }).waitFor();
      await page.getByText(/^It begins at the harbour/u).waitFor();
      await closeNotices(page);
    },
  },
  {
    name: 'chapters-hovered', fleeting: true,
    async show(page) {
      await showTab(page, 'Video');
      await page.getByRole('toolbar', { name: 'Chapters' }).getByRole('button').nth(9).hover();
      await page.waitForTimeout(400);
    },
    leave: (page) => page.mouse.move(5, 5),
  },
  {
    name: 'chapters', everywhere: true,
    async show(page) {
      if (await page.getByRole('dialog').count() === 0) await page.getByRole('button', { name: 'Chapters and summary' }).click();
      await page.getByRole('dialog', { name: 'Chapters and summary' }).getByRole('listitem').first().waitFor();
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
];

/** Where they are being made already, nothing is begun anew. */
async function untilMade(stage: Stage): Promise<void> {
  const { client } = stage;
  const videoId = await sampleId(stage);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const end = client.subscribe('chapters', { videoId }, ({ source, job }) => { if (source === 'made' && job === null) resolve(undefined); });
  if ((await client.request('chapters.get', { videoId })).source !== 'made') await client.request('chapters.make', { videoId });
  await promise;
  end();
}

async function showEmptyConversation(page: Page): Promise<void> {
  await openVideo(page, 'Pebble Town');
  await showTab(page, 'Conversation');
  const begin = page.getByRole('button', { name: 'New conversation', exact: true });
  if (await begin.isEnabled()) await begin.click();
}
