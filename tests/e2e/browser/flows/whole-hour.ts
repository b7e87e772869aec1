import assert from 'node:assert/strict';
import { assertAccessible } from '../support/axe.ts';
import {
  answers, ask, askAndRead, composer, conversation, dragTimeline, eventually, finishedAnswers, lastAnswer, lookedAtColumns, parseClock, playerSeconds, rail, timeline,
} from '../support/person.ts';
import type { Stage } from './stage.ts';

const hourSeconds = 3600;
const catSeconds = 1023;

/** What is done with the sample once its hour is in memory. An answer takes seconds here: the time to stop and to break it. */
export function theWholeHour(stage: Stage): void {
  const { step } = stage;

  step('a question is answered word by word, with times that lead there', async (page) => {
    await rail(page).getByRole('region', { name: 'Encoding' }).waitFor({ state: 'detached', timeout: 300_000 });
    await ask(page, 'When does the cat appear?');
    await lastAnswer(page).getByRole('progressbar').waitFor();
    await finishedAnswers(page).nth(1).waitFor();
    const time = lastAnswer(page).getByRole('button', { name: /^Go to \d/u }).first();
    const seconds = parseClock((await time.textContent())?.split('–')[0]?.trim() ?? '');
    assert.ok(Math.abs(seconds - catSeconds) < 30, `the cat at ${seconds} s`);
    await time.click();
    await eventually(() => playerSeconds(page), (at) => Math.abs(at - seconds) < 1, 'the player at the time');
    await assertAccessible(page, 'an answer');
  });

  step('a place of the timeline is where the film goes on, after an hour and not at its beginning', async (page) => {
    await dragTimeline(page, 0.75, 0.75);
    const at = await eventually(() => playerSeconds(page), (seconds) => Math.abs(seconds - 0.75 * hourSeconds) < 10, 'the player at three quarters');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await eventually(() => playerSeconds(page), (seconds) => seconds > at + 0.5 && seconds < at + 60, 'a film that plays on from there');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await dragTimeline(page, 0.999, 0.999);
    await eventually(() => playerSeconds(page), (seconds) => seconds > 0.99 * hourSeconds, 'the player at the end');
  });

  step('where an answer looked is drawn on the timeline, of the answer that is chosen', async (page) => {
    const ofCat = await lookedAtColumns(page);
    const strongest = (ofCat.indexOf(Math.max(...ofCat)) / ofCat.length) * hourSeconds;
    const moments = await lastAnswer(page).getByRole('button', { name: /^Looked at .+: go there/u }).evaluateAll((buttons) => buttons.map(({ textContent }) => textContent));
    assert.equal(moments.length, 4);
    assert.ok(moments.some((clock) => Math.abs(parseClock(clock) - strongest) < 30), `${strongest} s is among ${moments.join()}`);
    await askAndRead(page, 'Where is the kite?');
    await eventually(() => lookedAtColumns(page), (columns) => columns.join() !== ofCat.join(), 'another look');
    await answers(page).nth(1).getByRole('button', { name: 'Show on the timeline where this answer looked' }).click();
    await eventually(() => lookedAtColumns(page), (columns) => columns.join() === ofCat.join(), 'the look of the answer that was chosen');
    assert.ok(await timeline(page).getByRole('toolbar', { name: 'Times in the answers' }).getByRole('button').count() > 0);
  });

  step('an answer is stopped where it is', async (page) => {
    await conversation(page).getByRole('button', { name: 'New conversation' }).click();
    await ask(page, 'What colour is the cat?');
    await lastAnswer(page).getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Stop answer' }).click();
    await lastAnswer(page).getByText('Stopped.').waitFor();
    assert.equal(await finishedAnswers(page).count(), 1);
  });

  step('an engine that is killed while it answers is started again: the answer says so, and the next question is answered', async (page) => {
    const end = stage.app.problems.allow(/503/u); // pictures that are asked for meanwhile
    await ask(page, 'What colour is the kite?');
    await lastAnswer(page).getByRole('progressbar').waitFor();
    await stage.app.killEngine(async () => {
      await page.getByText('The engine has stopped and is being started again').waitFor();
      await composer(page).fill('Is there a rocket in the video?');
    });
    await lastAnswer(page).getByText('Cut off when Longtake ended.').waitFor();
    end();
    await assertAccessible(page, 'an answer that was cut off');
    await lastAnswer(page).getByRole('button', { name: 'Try again' }).click();
    await finishedAnswers(page).nth(1).getByText('The kite is red.').waitFor();
    assert.equal(await composer(page).inputValue(), 'Is there a rocket in the video?', 'what was typed meanwhile is there');
    await composer(page).press('Enter');
    await finishedAnswers(page).nth(2).getByText(/^No/u).waitFor();
  });
}
