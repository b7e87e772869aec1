import assert from 'node:assert/strict';
import path from 'node:path';
import { scratchDirectory } from '../../../support/scratch.ts';
import { naming, onlyEvent } from '../../../support/sample-story.ts';
import { openApp, withPicture } from '../harness.ts';
import { answers, askAndRead, choose, composer, conversation, eventually, openVideo, questions, rail, seesNotice } from '../support/person.ts';
import { library } from './library.ts';
import { part } from './stage.ts';

/** The memory that a step exports, for those that come after. */
export const exportedMemory = (desk: string): string => path.join(desk, 'farm.longtake');

/** What is kept: over a page that is loaded again, over a restart, and on another machine. */
export const keeping = part([library], (stage) => {
  const { step, assertAccessible, desk } = stage;
  const width = (): Promise<string | null> => stage.app.page.getByRole('separator', { name: 'Width of the library' }).getAttribute('aria-valuenow');

  step('a page that is loaded again shows the same place, with what was typed', async (page) => {
    await openVideo(page, 'The farm');
    await questions(page).first().waitFor();
    await composer(page).fill('And the');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'The farm' }).waitFor();
    await questions(page).first().waitFor();
    await eventually(() => composer(page).inputValue(), (text) => text === 'And the', 'what was typed');
  });

  step('after a restart everything is where it was: film, conversation, draft, layout', async (page) => {
    await page.getByRole('separator', { name: 'Width of the library' }).press('ArrowRight');
    const before = { width: await width(), questions: await questions(page).allInnerTexts(), answers: await answers(page).count() };
    await stage.restart();
    const next = stage.app.page;
    await next.getByRole('heading', { level: 1, name: 'The farm' }).waitFor();
    await eventually(async () => ({ width: await width(), questions: await questions(next).allInnerTexts(), answers: await answers(next).count() }),
      (after) => JSON.stringify(after) === JSON.stringify(before), `the same as ${JSON.stringify(before)}`);
    await eventually(() => composer(next).inputValue(), (text) => text === 'And the', 'what was typed before');
    await composer(next).fill('');
  });

  step('a memory is exported, and another library answers from it without the film', async (page) => {
    const file = exportedMemory(desk);
    await choose(page, rail(page).getByRole('button', { name: 'More about The farm' }), /^Export memory/u);
    const dialog = page.getByRole('dialog', { name: 'Export memory' });
    await dialog.getByRole('switch', { name: 'With the conversations' }).waitFor();
    await assertAccessible(page, 'exporting a memory');
    await seesNotice(page, /^The memory of “The farm” was saved/u, () => stage.app.saveFile(() => dialog.getByRole('button', { name: /^Save/u }).click(), file));

    await using other = await openApp(stage.kind, { home: path.join(scratchDirectory('other-library'), 'home') });
    await withPicture(() => other, `${stage.kind}, another library`, async () => {
      await other.page.getByRole('list', { name: 'Questions about the sample' }).waitFor();
      await seesNotice(other.page, /^The memory of “.+” was imported/u, () => other.drop([file]));
      await other.page.getByRole('heading', { name: 'The file is not where it was' }).waitFor();
      await conversation(other.page).getByText('Does a kite appear?').first().waitFor();
      assert.match(await askAndRead(other.page, 'What colour is the kite?'), naming(onlyEvent('kite').colour));
      await assertAccessible(other.page, 'a memory without its film');
    });
    other.problems.assertNone();
  });
});
