import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  askAndRead, ask, choose, conversation, dragTimeline, eventually, finishedAnswers, lastAnswer, openVideo, questions, seesNotice, timeline, undo,
} from '../support/person.ts';
import { naming, onlyEvent } from '../../../support/sample-story.ts';
import { theFirstHour } from './first-hour.ts';
import { part } from './stage.ts';

const kite = onlyEvent('kite');

/** Talking about two minutes of the sample, in which a kite moves over the farm: turns, branches, ranges, and what is kept of them. */
export const conversations = part([theFirstHour], (stage) => {
  const { step, assertAccessible, desk } = stage;
  const more = (): ReturnType<typeof conversation> => conversation(stage.app.page).getByRole('button', { name: 'More about this conversation' });
  const title = (): ReturnType<typeof conversation> => conversation(stage.app.page).getByRole('heading', { level: 2 });

  step('of a film that is not its sample the demo model says so before it is asked; a second turn, another answer to it, and back', async (page) => {
    await openVideo(page, 'farm.mp4');
    await conversation(page).getByRole('heading', { name: 'This film needs a real model' }).waitFor();
    assert.equal(await conversation(page).getByRole('list', { name: 'Questions to start with' }).count(), 0);
    await assertAccessible(page, 'a conversation that has not begun');
    await askAndRead(page, 'What colour is the kite?');
    assert.match(await askAndRead(page, 'Where is the kite?'), naming(kite.place));
    await lastAnswer(page).getByRole('button', { name: 'Answer again' }).click();
    await lastAnswer(page).getByRole('group', { name: 'Answer 2 of 2' }).waitFor();
    await lastAnswer(page).getByRole('button', { name: 'Previous version' }).click();
    await lastAnswer(page).getByRole('group', { name: 'Answer 1 of 2' }).waitFor();
  });

  step('a question that is changed begins another branch; the switcher leads back to the first', async (page) => {
    await questions(page).first().hover();
    await questions(page).first().getByRole('button', { name: 'Edit question' }).click();
    const editor = conversation(page).getByRole('textbox', { name: 'Edit question' });
    await editor.fill('Is there a rocket in the video?');
    await assertAccessible(page, 'a question that is being changed');
    await editor.press('Enter');
    await questions(page).first().getByRole('group', { name: 'Question 2 of 2' }).waitFor();
    await finishedAnswers(page).first().getByText(/^No/u).waitFor();
    assert.equal(await questions(page).count(), 1);
    await questions(page).first().getByRole('button', { name: 'Previous version' }).click();
    await questions(page).nth(1).getByText('Where is the kite?').waitFor();
  });

  step('a part of the timeline is what the next question is about, and its answer says so', async (page) => {
    await dragTimeline(page, 0.3, 0.6);
    const range = timeline(page).getByRole('group', { name: /^Range from 0?0:3\d to 0?1:1\d/u });
    await range.getByRole('button', { name: /^Ask about/u }).click();
    await assertAccessible(page, 'a range');
    await page.keyboard.type('What colour is the kite?');
    await page.keyboard.press('Enter');
    await finishedAnswers(page).nth(2).waitFor();
    await questions(page).nth(2).getByRole('button', { name: /^About 0?0:3\d – 0?1:1\d/u }).waitFor();
    await lastAnswer(page).getByRole('button', { name: 'How this answer came about' }).click();
    const details = page.getByRole('dialog', { name: 'How this answer came about' });
    await details.getByText(/^0?0:3\d – 0?1:1\d$/u).waitFor();
    await assertAccessible(page, 'how an answer came about');
    await page.keyboard.press('Escape');
    await timeline(page).getByRole('button', { name: 'Clear range' }).click();
    await range.waitFor({ state: 'detached' });
  });

  step('a conversation has a name, others stand beside it, and one that is deleted comes back', async (page) => {
    await choose(page, more(), 'Rename conversation');
    await conversation(page).getByRole('textbox', { name: 'Title of the conversation' }).fill('About the kite');
    await page.keyboard.press('Enter');
    await title().getByText('About the kite').waitFor();
    await conversation(page).getByRole('button', { name: 'New conversation' }).click();
    assert.match(await askAndRead(page, 'Does a kite appear?'), /\bYes\b/u);
    await title().getByRole('button').click();
    await page.getByRole('menuitemradio', { name: /^About the kite/u }).click();
    await questions(page).nth(2).waitFor();
    await choose(page, more(), 'Delete conversation');
    await questions(page).getByText('Does a kite appear?').waitFor();
    await undo(page, 'Conversation deleted');
    await title().getByText('About the kite').waitFor();
    await questions(page).nth(2).waitFor();
  });

  step('a conversation is exported as Markdown, HTML and JSON with what was said in it', async (page) => {
    const said = ['What colour is the kite?', 'Where is the kite?', kite.colour ?? '', kite.place];
    for (const [format, extension] of [['Markdown', '.md'], ['HTML', '.html'], ['JSON', '.json']] as const) {
      const file = path.join(desk, `kite${extension}`);
      await seesNotice(page, new RegExp(`^Exported as .+\\${extension}`, 'u'), () => stage.app.saveFile(() => choose(page, more(), new RegExp(`as ${format}`, 'u')), file));
      const text = readFileSync(file, 'utf8');
      for (const words of said) assert.ok(text.includes(words), `${words} in ${format}`);
      if (format === 'JSON') assert.equal(typeof JSON.parse(text), 'object');
      if (format === 'HTML') assert.match(text, /^<!doctype html>/iu);
    }
  });

  step('a word of another branch is found, and its message is shown', async (page) => {
    await page.keyboard.press('ControlOrMeta+f');
    const search = page.getByRole('dialog', { name: 'Search' });
    await search.getByRole('combobox').fill('rocket');
    const found = search.getByRole('option', { name: /rocket.*About the kite/u });
    await found.first().waitFor();
    await assertAccessible(page, 'search');
    await found.first().click();
    const landed = conversation(page).getByRole('listitem').filter({ hasText: 'rocket' }).first();
    await landed.waitFor();
    await eventually(() => landed.evaluate((item) => {
      const box = item.getBoundingClientRect();
      return box.top >= 0 && box.bottom <= innerHeight;
    }), (inSight) => inSight, 'the message in sight');
    await ask(page, 'Does a kite appear?');
    await finishedAnswers(page).nth(1).waitFor();
    assert.equal(await questions(page).count(), 2, 'the conversation goes on where the search led');
  });
});
