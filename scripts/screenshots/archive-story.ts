import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { dropFiles } from '../../tests/e2e/browser/harness.ts';
import { sampleId } from './first-story.ts';
import { closeNotices, notices, openVideo, type Stage, type State } from './state.ts';

const archive = ({ scratch }: Stage, name: string): string => path.join(scratch, name);
const inProgress = (page: Page): Locator => page.getByRole('region', { name: 'In progress' });

async function seen(page: Page, look: () => Promise<void>): Promise<void> {
  await inProgress(page).waitFor();
  await look();
}

async function settled(page: Page): Promise<void> {
  await inProgress(page).waitFor({ state: 'detached' });
  await notices(page).first().waitFor();
  await closeNotices(page);
}

/** A memory that is here already is not read: another library's is. */
async function forget(stage: Stage): Promise<void> {
  const videoId = await sampleId(stage);
  if (videoId === '') return;
  await stage.client.request('library.remove', { videoId });
  await stage.client.request('library.purge', { videoId });
}

/** A memory as a file: written, read by another library, refused. */
export const archiveStory: readonly State[] = [
  {
    name: 'exporting', fleeting: true,
    async show(page) {
      await openVideo(page, 'Pebble Town');
      await page.keyboard.press('ControlOrMeta+Shift+E');
      await page.getByRole('dialog', { name: 'Export memory' }).waitFor();
    },
    around: (page, { app }, look) => app.holdEngine({
      begin: () => page.getByRole('dialog', { name: 'Export memory' }).getByRole('button', { name: /^Save/u }).click(),
      meanwhile: () => seen(page, look),
    }),
    leave: settled,
  },
  {
    name: 'exported', fleeting: true,
    async show(page) {
      await page.keyboard.press('ControlOrMeta+Shift+E');
      await page.getByRole('dialog', { name: 'Export memory' }).getByRole('button', { name: /^Save/u }).click();
      await notices(page).filter({ hasText: /was saved as/u }).waitFor();
    },
    leave: closeNotices,
  },
  {
    name: 'import-refused',
    needed: true,
    async prepare(stage) {
      const whole = archive(stage, 'Pebble Town.longtake');
      await stage.client.request('archive.export', { videoId: await sampleId(stage), file: whole });
      const bytes = readFileSync(whole);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(archive(stage, 'Pebble Town, damaged on its way.longtake'), bytes);
      writeFileSync(archive(stage, 'No memory at all.longtake'), 'Dear diary,\n'.repeat(100));
    },
    async show(page, stage) {
      await forget(stage);
      await dropFiles(page, ['Pebble Town, damaged on its way.longtake', 'No memory at all.longtake'].map((name) => archive(stage, name)));
      await notices(page).nth(1).waitFor();
    },
    leave: closeNotices,
  },
  {
    name: 'importing', fleeting: true,
    async show(page, stage) {
      await forget(stage);
      await page.getByRole('heading', { name: 'Ask a long video' }).waitFor();
    },
    around: (page, stage, look) => stage.app.holdEngine({ begin: () => dropFiles(page, [archive(stage, 'Pebble Town.longtake')]), meanwhile: () => seen(page, look) }),
    async leave(page) {
      await settled(page);
      await page.getByRole('navigation', { name: 'Library' }).getByRole('button', { name: /^Pebble/u }).first().waitFor();
    },
  },
];
