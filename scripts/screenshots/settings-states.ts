import path from 'node:path';
import type { Page } from 'playwright-core';
import { tinySizes, writeCheckpoint } from '../../tests/fixtures/random-checkpoint.ts';
import type { State } from './state.ts';

type PageName = 'General' | 'Models' | 'Storage' | 'Programs' | 'Shortcuts' | 'About';

export async function openSettings(page: Page, name: PageName): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog', { name: 'Settings' }).getByRole('tab', { name }).click();
}

export async function closeSettings(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor({ state: 'detached' });
}

/** A page of the settings, and what else is done there before it is looked at. */
function stateOf(name: string, page: PageName, show: (page: Page) => Promise<void> = () => Promise.resolve()): State {
  return {
    name,
    everywhere: name === 'settings-models' || name === 'settings-general',
    async show(window) {
      await openSettings(window, page);
      await show(window);
    },
    leave: closeSettings,
  };
}

/** The settings, page by page, and the places in them that a first look does not show. */
export const settingsStates: readonly State[] = [
  stateOf('settings-general', 'General'),
  stateOf('settings-advanced', 'General', async (page) => {
    await page.getByText('Advanced').click();
    await page.getByText('Text mask').first().scrollIntoViewIfNeeded();
  }),
  stateOf('settings-models', 'Models', async (page) => { await page.getByText('Hour-LLaVA-3B').first().waitFor(); }),
  stateOf('settings-programs', 'Programs', async (page) => { await page.getByText('API address').waitFor(); }),
  stateOf('settings-catalogue', 'Models', async (page) => { await page.getByRole('table').first().scrollIntoViewIfNeeded(); }),
  {
    name: 'settings-model-jobs',
    async prepare({ client, scratch }) {
      const directory = path.join(scratch, 'checkpoint');
      await writeCheckpoint(directory, tinySizes);
      // One that waits, and one whose folder is gone.
      for (const weights of ['int8', 'int4'] as const) await client.request('models.add', { source: { kind: 'folder', directory: weights === 'int8' ? directory : path.join(scratch, 'no checkpoint') }, name: `trial-${weights}`, weights });
    },
    async show(page) {
      await openSettings(page, 'Models');
      await page.getByRole('heading', { name: 'On the way' }).waitFor();
    },
    leave: closeSettings,
    async after({ client }) { await client.request('models.cancel', { jobId: 'trial-int4-int4' }); },
  },
  stateOf('settings-add-model', 'Models', async (page) => {
    await page.getByRole('textbox', { name: 'Repository' }).fill('no repository');
    await page.getByRole('button', { name: 'Look into it' }).click();
    await page.getByRole('alert').scrollIntoViewIfNeeded();
  }),
  stateOf('settings-storage', 'Storage', async (page) => { await page.getByText('Free on this disk').waitFor(); }),
  {
    ...stateOf('settings-shortcuts', 'Shortcuts', async (page) => {
      await page.getByRole('button', { name: /^Search … ?: / }).click();
      await page.keyboard.press('Control+K');
    }),
    async leave(page) {
      // The first Escape answers the question that is asked there.
      await page.keyboard.press('Escape');
      await closeSettings(page);
    },
  },
  stateOf('settings-shortcuts-refused', 'Shortcuts', async (page) => {
    await page.getByRole('button', { name: /^Search … ?: / }).click();
    await page.keyboard.press('Control+C');
    await page.getByRole('alert').waitFor();
  }),
  stateOf('settings-shortcuts-nothing', 'Shortcuts', async (page) => { await page.getByRole('searchbox').or(page.getByRole('textbox')).last().fill('zeppelin'); }),
  stateOf('settings-about', 'About'),
  stateOf('settings-diagnostics', 'About', async (page) => {
    await page.getByRole('button', { name: 'Copy diagnostics' }).scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Copy diagnostics' }).click();
    await page.getByText('Diagnostics copied.').waitFor();
  }),
];
