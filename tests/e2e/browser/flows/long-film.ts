import assert from 'node:assert/strict';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { assertAccessible } from '../support/axe.ts';
import { cutSample } from '../support/clips.ts';
import {
  ask, choose, dragTimeline, eventually, finishedAnswers, isReady, lastAnswer, parseClock, playerSeconds, rail,
} from '../support/person.ts';
import { sampleTitle } from './first-hour.ts';
import type { Stage } from './stage.ts';

const catSeconds = 1023;

/** What is done with a long film in memory. Where the hour itself is not the point, twenty minutes of it are less to wait for. */
export function theLongFilm(stage: Stage): void {
  const { step, desk } = stage;
  const film = stage.kind === 'electron-double' ? { title: 'twenty-minutes.mp4', seconds: 1200 } : { title: sampleTitle, seconds: 3600 };
  const queue = (): Locator => rail(stage.app.page).getByRole('region', { name: 'Encoding' });

  step('a question is answered word by word, with times that lead there', async (page) => {
    if (film.title !== sampleTitle) {
      await choose(page, queue().getByRole('button', { name: `More about the encode of ${sampleTitle}` }), 'Stop encoding');
      await stage.app.drop([await cutSample(path.join(desk, film.title), { seconds: film.seconds })]);
      await page.getByRole('heading', { level: 1, name: film.title }).waitFor();
    }
    await isReady(page, film.title);
    const before = await finishedAnswers(page).count();
    await ask(page, 'When does the cat appear?');
    await lastAnswer(page).getByRole('progressbar').waitFor();
    await finishedAnswers(page).nth(before).waitFor();
    const time = lastAnswer(page).getByRole('button', { name: /^Go to \d/u }).first();
    const seconds = parseClock((await time.textContent())?.split('–')[0]?.trim() ?? '');
    assert.ok(Math.abs(seconds - catSeconds) < 30, `the cat at ${seconds} s`);
    await time.click();
    await eventually(() => playerSeconds(page), (at) => Math.abs(at - seconds) < 1, 'the player at the time');
    await assertAccessible(page, 'an answer');
  });

  step('a place of the timeline is where the film goes on, and not its beginning', async (page) => {
    await dragTimeline(page, 0.75, 0.75);
    const at = await eventually(() => playerSeconds(page), (seconds) => Math.abs(seconds - 0.75 * film.seconds) < 10, 'the player at three quarters');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await eventually(() => playerSeconds(page), (seconds) => seconds > at + 0.5 && seconds < at + 60, 'a film that plays on from there');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await dragTimeline(page, 0.999, 0.999);
    await eventually(() => playerSeconds(page), (seconds) => seconds > 0.99 * film.seconds, 'the player at the end');
  });
}
