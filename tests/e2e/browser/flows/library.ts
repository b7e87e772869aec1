import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cutSample, makeBadFiles } from '../support/clips.ts';
import { askAndRead, card, choose, closeNotice, composer, conversation, eventually, isReady, notices, openVideo, playerSeconds, rail, seesNotice, undo } from '../support/person.ts';
import { conversations } from './conversations.ts';
import { part } from './stage.ts';

/** Films that come, go, vanish and are no films. */
export const library = part([conversations], (stage) => {
  const { step, assertAccessible, desk } = stage;

  step('a video that is removed from the library comes back with its memory and its conversations', async (page) => {
    await openVideo(page, 'farm.mp4');
    await choose(page, rail(page).getByRole('button', { name: 'More about farm.mp4' }), 'Remove from library');
    await card(page, 'farm.mp4').waitFor({ state: 'detached' });
    await undo(page, '“farm.mp4” was removed from the library.');
    await page.getByRole('heading', { level: 1, name: 'farm.mp4' }).waitFor();
    await conversation(page).getByText('Does a kite appear?').first().waitFor();
    await choose(page, rail(page).getByRole('button', { name: 'More about farm.mp4' }), 'Rename');
    await page.getByRole('textbox', { name: 'Title of the video' }).fill('The farm');
    await page.keyboard.press('Enter');
    await card(page, 'The farm').waitFor();
  });

  step('files that are no videos are refused, each in a sentence of its own, and nothing of them stays', async (page) => {
    const { empty, text, sound, emptyFolder } = await makeBadFiles(desk);
    const films = await rail(page).getByRole('list', { name: 'Videos' }).getByRole('listitem').count();
    await stage.app.drop([empty, text, sound, emptyFolder]);
    await page.getByRole('button', { name: 'Show all' }).click();
    for (const sentence of [/empty\.mp4.* is empty \(0 bytes\)/u, /notes\.mp4.* is text, not a video/u, /song\.mp4.* has no picture, only: audio/u, /There is no video in the folder .*holiday/u]) {
      await notices(page).filter({ hasText: sentence }).waitFor();
    }
    await assertAccessible(page, 'refusals');
    // They stay until they are closed, and cover nothing that leads elsewhere.
    await page.setViewportSize({ width: 900, height: 700 });
    try {
      for (const name of ['Video', 'Conversation']) await page.getByRole('tab', { name }).click();
      await page.getByRole('region', { name: 'Conversation', exact: true }).getByRole('button', { name: 'New conversation' }).click({ trial: true });
      await card(page, 'The farm').click({ trial: true });
      await composer(page).click({ trial: true });
    } finally {
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    for (const sentence of [/empty\.mp4/u, /notes\.mp4/u, /song\.mp4/u, /holiday/u]) await closeNotice(page, sentence);
    assert.equal(await rail(page).getByRole('list', { name: 'Videos' }).getByRole('listitem').count(), films);
    // What is told over a dialog is not what Escape is for, nor in the way of what closes it.
    await page.getByRole('button', { name: 'Settings' }).click();
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.waitFor();
    await stage.app.drop([empty]);
    // Readers are told it, and have nothing but the dialog around them.
    await page.getByRole('listitem', { includeHidden: true }).filter({ hasText: /empty\.mp4/u }).waitFor();
    await settings.getByRole('button', { name: 'Close' }).click({ trial: true });
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });
    await closeNotice(page, /empty\.mp4/u);
  });

  step('a folder is taken for the videos in it', async (page) => {
    mkdirSync(path.join(desk, 'trip'));
    await cutSample(path.join(desk, 'trip', 'beach.mp4'), { startSeconds: 900, seconds: 10 });
    writeFileSync(path.join(desk, 'trip', 'notes.txt'), 'A list of what to take.');
    await stage.app.drop([path.join(desk, 'trip')]);
    await page.getByRole('heading', { level: 1, name: 'beach.mp4' }).waitFor();
    await isReady(page, 'beach.mp4');
    assert.equal(await notices(page).filter({ hasText: /notes|trip|beach/u }).count(), 0, 'what is no video in a folder is passed over');
  });

  step('a film whose file vanishes can still be asked about, and plays again once the file is found', async (page) => {
    const film = await cutSample(path.join(desk, 'bridge.mp4'), { startSeconds: 600, seconds: 30 });
    await stage.app.chooseFiles(() => rail(page).getByRole('button', { name: /^Open video/u }).first().click(), [film]);
    await page.getByRole('heading', { level: 1, name: 'bridge.mp4' }).waitFor();
    await isReady(page, 'bridge.mp4');
    const moved = path.join(desk, 'elsewhere.mp4');
    renameSync(film, moved);
    await openVideo(page, 'The farm');
    await openVideo(page, 'bridge.mp4');
    await page.getByRole('heading', { name: 'The file is not where it was' }).waitFor();
    await eventually(() => card(page, 'bridge.mp4').getAttribute('aria-label'), (label) => label?.includes('File not found') === true, 'a card that says so');
    await assertAccessible(page, 'a film that is not there');
    await askAndRead(page, 'Is there a rocket in the video?');
    await seesNotice(page, '“bridge.mp4” is now elsewhere.mp4.', () => stage.app.chooseFiles(() => page.getByRole('button', { name: 'Find the file …' }).click(), [moved]));
    await eventually(() => page.locator('video').evaluate((video) => (video as HTMLVideoElement).readyState), (ready) => ready >= 2, 'a film that plays again');
  });

  step('the keyboard plays: on and back, faster and slower, frame by frame', async (page) => {
    await openVideo(page, 'The farm');
    await eventually(() => page.locator('video').evaluate((video) => (video as HTMLVideoElement).readyState), (ready) => ready >= 2, 'a film');
    await page.getByRole('heading', { level: 1 }).click();
    const at = async (seconds: number, within: number, what: string): Promise<void> => {
      await eventually(() => playerSeconds(page), (now) => Math.abs(now - seconds) <= within, what);
    };
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    await press('ArrowRight'); await at(5, 0.1, 'five seconds on');
    await press('ArrowRight'); await at(10, 0.1, 'ten');
    await press('ArrowLeft'); await at(5, 0.1, 'back');
    await press('Shift+ArrowRight'); await at(6, 0.1, 'a second on');
    await press('Shift+ArrowLeft'); await at(5, 0.1, 'a second back');
    await press('.'); await at(5.5, 0.75, 'a frame on');
    const rate = (): Promise<number> => page.locator('video').evaluate((video) => (video as HTMLVideoElement).playbackRate);
    await press('>');
    await eventually(rate, (value) => value === 1.25, 'faster');
    await press('<');
    await eventually(rate, (value) => value === 1, 'slower');
    await press('Space');
    await eventually(() => playerSeconds(page), (now) => now > 6.5, 'a film that plays');
    await press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await press('Alt+ArrowRight'); await press('Alt+ArrowRight'); await at(120, 0.5, 'the end, which is nearer than a minute');
    await press('i');
    assert.equal(await page.getByRole('group', { name: /^Range from/u }).count(), 0, 'no range begins at the end');
    await press('ArrowLeft'); await press('ArrowLeft'); await at(110, 0.5, 'ten seconds before it'); await press('i');
    await page.getByRole('group', { name: /^Range from 0?1:(?:49|50) to (?:0?1:59|0?2:00)$/u }).waitFor({ state: 'attached' });
    await press('Shift+Escape');
    await page.getByRole('group', { name: /^Range from/u }).waitFor({ state: 'detached' });
  });
});
