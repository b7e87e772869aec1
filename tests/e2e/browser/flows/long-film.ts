import assert from 'node:assert/strict';
import path from 'node:path';
import { cutSample } from '../support/clips.ts';
import {
  answers, askAndRead, askAndSeeBegin, composer, conversation, dragTimeline, eventually, finishedAnswers, isReady, lastAnswer, lookedAtColumns, notices, parseClock, playerSeconds, timeline,
} from '../support/person.ts';
import { naming, onlyEvent, sampleSigns, type SampleEvent } from '../../../support/sample-story.ts';
import { sampleTitle, theFirstHour } from './first-hour.ts';
import { part } from './stage.ts';

/** Comes once, in the first twenty minutes; so does the first sign. */
const bell = onlyEvent('bell');
const [firstSign] = sampleSigns;

/**
 * What is done with a long film in memory. An answer takes seconds here: the time to stop and to break it. Where the
 * hour itself is not the point, twenty minutes of it are less to wait for.
 */
export const theLongFilm = part([theFirstHour], (stage) => {
  const { step, assertAccessible, desk } = stage;
  const film = stage.kind === 'electron' ? { title: sampleTitle, seconds: 3600 } : { title: 'twenty-minutes.mp4', seconds: 1200 };

  step('a question is answered word by word, with times that lead there', async (page) => {
    if (film.title !== sampleTitle) {
      await stage.app.drop([await cutSample(path.join(desk, film.title), { seconds: film.seconds })]);
      await page.getByRole('heading', { level: 1, name: film.title }).waitFor();
    }
    await isReady(page, film.title);
    const before = await finishedAnswers(page).count();
    await askAndSeeBegin(page, 'When does the bell appear?');
    await finishedAnswers(page).nth(before).waitFor();
    const time = lastAnswer(page).getByRole('button', { name: /^Go to \d/u }).first();
    const seconds = parseClock((await time.textContent())?.split('–')[0]?.trim() ?? '');
    assert.ok(Math.abs(seconds - bell.startSeconds) < 30, `the bell at ${seconds} s`);
    await time.click();
    // The model tells times by ten seconds; the button leads to what the answer looked at within those.
    await eventually(() => playerSeconds(page), (at) => at >= bell.startSeconds && at < bell.endSeconds, 'the player where the bell is');
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

  step('where an answer looked is drawn on the timeline, of the answer that is chosen', async (page) => {
    const answerOfBell = await answers(page).count() - 1;
    const isIn = (seconds: number, { startSeconds, endSeconds }: SampleEvent): boolean => seconds >= startSeconds - 1 && seconds <= endSeconds + 1;
    const shows = async (event: SampleEvent): Promise<void> => {
      const moments = lastAnswer(page).getByRole('button', { name: /^Looked at .+: go there/u });
      await moments.first().waitFor();
      const seconds = (await moments.allTextContents()).map(parseClock);
      assert.ok(seconds.some((at) => isIn(at, event)), `the ${event.thing} at ${event.startSeconds} s among ${seconds.join()}`);
    };
    /** As exactly as columns are wide. The playhead and what the pointer marks are in the picture, too. */
    const isDrawn = (event: SampleEvent): Promise<unknown> => eventually(async () => {
      const columns = await lookedAtColumns(page);
      return (columns.indexOf(Math.max(...columns)) / columns.length) * film.seconds;
    }, (strongest) => Math.abs(strongest - event.startSeconds) < 30, `the strongest look where the ${event.thing} is`);
    await shows(bell);
    await isDrawn(bell);
    await askAndRead(page, 'What does the first sign say?');
    await shows(firstSign);
    await isDrawn(firstSign);
    await answers(page).nth(answerOfBell).getByRole('button', { name: 'Show on the timeline where this answer looked' }).click();
    await isDrawn(bell);
    await timeline(page).getByRole('toolbar', { name: 'Times in the answers' }).getByRole('button').first().waitFor();
  });

  step('an answer is stopped where it is', async (page) => {
    await conversation(page).getByRole('button', { name: 'New conversation' }).click();
    await stage.app.holdEngine({
      begin: () => askAndSeeBegin(page, 'Where is the bell?'),
      meanwhile: () => page.getByRole('button', { name: 'Stop answer' }).click(),
    });
    await lastAnswer(page).getByText('Stopped.').waitFor();
    assert.equal(await finishedAnswers(page).count(), 1);
  });

  step('an engine that is killed while it answers is started again: the answer says so, and the next question is answered', async (page) => {
    const end = stage.app.problems.allow(/503/u); // pictures that are asked for meanwhile
    await stage.app.killEngine({
      begin: () => askAndSeeBegin(page, 'What colour is the bell?'),
      async meanwhile() {
        await page.getByText('The engine has stopped and is being started again').waitFor();
        await composer(page).fill('Is there a rocket in the video?');
      },
    });
    await lastAnswer(page).getByText('Cut off when Longtake ended.').waitFor();
    end();
    assert.deepEqual(await notices(page).allInnerTexts(), [], 'nothing is left of it, over what a person wants to see');
    await assertAccessible(page, 'an answer that was cut off');
    assert.equal(await lastAnswer(page).getByRole('button', { name: 'Answer again' }).count(), 0, 'one way to have it answered');
    await lastAnswer(page).getByRole('button', { name: 'Try again' }).click();
    await finishedAnswers(page).nth(1).getByText(naming('bell', bell.colour)).waitFor();
    assert.equal(await composer(page).inputValue(), 'Is there a rocket in the video?', 'what was typed meanwhile is there');
    await composer(page).press('Enter');
    await finishedAnswers(page).nth(2).getByText(/^No/u).waitFor();
  });
});
