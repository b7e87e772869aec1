import assert from 'node:assert/strict';
import path from 'node:path';
import { findRunningHost } from '../../../../engine/server/web/running-host.ts';
import { scratchDirectory } from '../../../support/scratch.ts';
import { openApp, withPicture } from '../harness.ts';
import { cutSample } from '../support/clips.ts';
import type { ElectronApp, ElectronKind } from '../support/electron-app.ts';
import { conversation, eventually, isReady, openVideo, questions } from '../support/person.ts';
import { exportedMemory, keeping } from './keeping.ts';
import { part } from './stage.ts';

/** What only a desktop does: films that are opened with the app, and its menu. */
export const desktop = part([], (stage) => {
  const { step, desk } = stage;
  const app = (): ElectronApp => stage.app as ElectronApp;

  step('a film that is opened with the app while it runs is added, by a second start and by the system', async (page) => {
    const first = await cutSample(path.join(desk, 'harbour.mp4'), { startSeconds: 300, seconds: 10 });
    await app().startAgainWith(first);
    await page.getByRole('heading', { level: 1, name: 'harbour.mp4' }).waitFor();
    const second = await cutSample(path.join(desk, 'forest.mp4'), { startSeconds: 170, seconds: 10 });
    await app().openFile(second);
    await page.getByRole('heading', { level: 1, name: 'forest.mp4' }).waitFor();
    for (const title of ['harbour.mp4', 'forest.mp4']) await isReady(page, title);
  });

  step('the menu of the system does what the page\'s own buttons do', async (page) => {
    await app().chooseMenu(['View', 'Search …']);
    await page.getByRole('dialog', { name: 'Search' }).waitFor();
    await page.keyboard.press('Escape');
    await app().chooseMenu(['Playback', 'Jump', 'Forward 5 seconds']);
    await eventually(() => page.getByRole('slider', { name: 'Position in the video' }).getAttribute('aria-valuenow'), (now) => now === '5', 'five seconds on');
  });

  step('another program reaches the app\'s videos once its user lets it, and no longer than that', async (page) => {
    await page.keyboard.press('Control+,');
    await page.getByRole('tab', { name: 'Programs' }).click();
    const programs = page.getByRole('region', { name: 'Other programs' });
    const toggle = programs.getByRole('switch', { name: 'Answer other programs' });
    await toggle.click();
    const api = await programs.getByText(/^http:.*\/v1$/u).innerText();
    const token = new URL((await findRunningHost(path.join(desk, '../home')))?.address ?? '').searchParams.get('token');
    const ask = async (): Promise<Response> => await fetch(`${api}/models`, { headers: { authorization: `Bearer ${token}` } });
    assert.match(await (await ask()).text(), /longtake\/demo\/[0-9a-f-]{36}/u);
    await stage.assertAccessible(page, 'settings for other programs');
    await toggle.click();
    await programs.getByText(api).waitFor({ state: 'detached' });
    await assert.rejects(ask());
    await page.keyboard.press('Escape');
  });
});

/** And more of it, with what was kept: a memory that is opened with the app, its window. */
export const desktopKeeping = part([keeping], (stage) => {
  const { step, desk } = stage;
  const kind = stage.kind as ElectronKind;

  step('a memory that is double-clicked is imported by the app that it starts', async () => {
    await using other = await openApp(kind, { home: path.join(scratchDirectory('double-click'), 'home'), argv: [exportedMemory(desk)] });
    await withPicture(() => other, `${kind}, a memory that is double-clicked`, async () => {
      await other.page.getByRole('heading', { name: 'The file is not where it was' }).waitFor();
      await conversation(other.page).getByText('Does a kite appear?').first().waitFor();
    });
    other.problems.assertNone();
  });

  step('a window whose process crashes is there again, with everything in it', async (page) => {
    await openVideo(page, 'The farm');
    await questions(page).first().waitFor();
    const said = await questions(page).allInnerTexts();
    const end = stage.app.problems.allow(/crashed/u);
    page.goto('chrome://crash').catch(() => undefined);
    await eventually(() => Promise.resolve(stage.app.page !== page), (is) => is, 'another page');
    const next = stage.app.page;
    await next.getByRole('heading', { level: 1, name: 'The farm' }).waitFor();
    await questions(next).first().waitFor();
    assert.deepEqual(await questions(next).allInnerTexts(), said);
    end();
  });
});
