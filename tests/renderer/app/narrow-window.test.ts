import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { fingerprintVideo, probeVideo } from '../../../engine/media/index.ts';
import { openLibrary } from '../../../engine/library/index.ts';
import { openHome } from '../../../engine/pipeline/home.ts';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeVideo } from '../../support/videos.ts';

let app: AppPage;
let page: Page;
const seconds = (): Promise<number> => page.locator('video').evaluate((video) => (video as HTMLVideoElement).currentTime);

before(async () => {
  const scratch = scratchDirectory('narrow-window');
  const home = path.join(scratch, 'home');
  const file = path.join(scratch, 'film.mp4');
  await makeVideo(file, { seconds: 120 });
  process.env['LONGTAKE_HOME'] = home;
  const library = openLibrary(openHome().libraryFile);
  const probe = await probeVideo(file, {});
  library.videos.upsert({ fingerprint: await fingerprintVideo(file, {}), path: file, title: 'film', probe, durationSeconds: 120 });
  library.close();
  app = await openAppPage(home, { viewport: { width: 800, height: 600 } });
  ({ page } = app);
  await page.goto(app.address);
  await page.getByRole('button', { name: /^film/u }).first().click();
});
after(async () => { await app[Symbol.asyncDispose](); });

suite('a narrow window, in which video and conversation share one place', () => {
  test('the film goes on behind the conversation, where nothing of it can be reached', async () => {
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await page.locator('video').evaluate((video) => { video.dataset['same'] = ''; });
    await page.getByRole('tab', { name: 'Conversation' }).click();
    await page.getByRole('textbox', { name: 'Your question' }).waitFor();
    const before = await seconds();
    await page.waitForFunction((from) => (document.querySelector('video')?.currentTime ?? 0) > from + 0.5, before);
    for (const name of ['Player', 'Timeline']) assert.equal(await page.getByRole('region', { name }).count(), 0, `${name} is out of reach`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.closest('[hidden]') === null), true);
  });

  test('back at the video it is the same, and its timeline is drawn', async () => {
    await page.getByRole('tab', { name: 'Video' }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    assert.equal(await page.locator('video[data-same]').count(), 1);
    assert.ok(await page.getByRole('region', { name: 'Timeline' }).locator('canvas').first().evaluate((canvas) => (canvas as HTMLCanvasElement).width > 100));
  });
});
