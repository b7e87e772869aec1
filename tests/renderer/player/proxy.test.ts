import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { findMediaTools } from '../../../engine/media/index.ts';
import { connectTo } from '../../server/support/engine.ts';
import { openAppPage, type AppPage } from '../../support/app-page.ts';
import { scratchDirectory } from '../../support/scratch.ts';

let app: AppPage;
let page: Page;
const button = (name: string): Locator => page.getByRole('region', { name: 'Player' }).getByRole('button', { name, exact: true });
const focused = (): Promise<string> => page.locator('*:focus').innerText();

before(async () => {
  const scratch = scratchDirectory('proxy');
  const reel = path.join(scratch, 'reel.avi');
  const { ffmpeg } = await findMediaTools();
  const { status, stderr } = spawnSync(ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25:duration=60', '-c:v', 'mpeg4', reel], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  app = await openAppPage(path.join(scratch, 'home'));
  ({ page } = app);
  const client = await connectTo(app.origin, app.token);
  await client.request('queue.add', { paths: [reel] });
  client.close();
  await page.goto(app.address);
  await page.getByRole('button', { name: /^reel/u }).first().click();
});
after(async () => { await app[Symbol.asyncDispose](); });

suite('a video that the browser cannot play', () => {
  test('says why and offers a copy; stopped, it offers it again, and the keyboard stays there', async () => {
    await page.getByText(/Its format \(avi, mpeg4\) is not one that this window plays/u).waitFor();
    await button('Make a copy that plays').press('Enter');
    await button('Stop').waitFor();
    assert.equal(await focused(), 'Stop');
    await page.getByRole('region', { name: 'In progress' }).getByText(/^Making a copy that plays/u).waitFor();
    await button('Stop').press('Enter');
    await button('Make a copy that plays').waitFor();
    assert.equal(await focused(), 'Make a copy that plays');
    assert.equal(await page.getByRole('region', { name: /^Notification/u }).getByRole('listitem').count(), 0);
  });

  test('the copy that was made plays, from where the video stood', async () => {
    await page.getByRole('slider', { name: 'Position on the timeline' }).press('ArrowRight');
    await button('Make a copy that plays').click();
    await button('Play').and(page.locator(':enabled')).click({ timeout: 120_000 });
    await page.getByRole('region', { name: 'Player' }).getByText(/^0:0[6-9]/u).waitFor();
    assert.match(await page.locator('video').getAttribute('src') ?? '', /media\/proxy\//u);
    assert.equal(await page.getByText('This video cannot be played here').count(), 0);
  });
});
