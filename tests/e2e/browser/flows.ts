import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { closeBrowser, openApp, withPicture, type App, type ShellKind } from './harness.ts';
import { assertAccessible } from './support/axe.ts';
import { answers, ask, askAndRead, conversation, eventually, finishedAnswers, lastAnswer, parseClock, playerSeconds, questions } from './support/person.ts';

/** What a person does with the app, from the first start on, in this order, over one kind of shell. */
export function describeApp(kind: ShellKind): void {
  const scratch = scratchDirectory(`app-${kind}`);
  const home = path.join(scratch, 'home');
  let app: App;
  let broken: string | undefined;

  /** What comes later stands on what came before: after a failure the rest would only wait for what never comes. */
  const step = (name: string, run: () => Promise<void>): void => {
    test(name, async () => {
      assert.equal(broken, undefined, 'an earlier step has failed');
      broken = name;
      await withPicture(app, `${kind}, ${name}`, run);
      app.problems.assertNone();
      broken = undefined;
    });
  };

  before(async () => { app = await openApp(kind, { home }); });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await closeBrowser();
  });

  suite(`the app in ${kind}`, () => {
    step('the first start offers questions about the sample; one of them opens it', async () => {
      const { page } = app;
      const offered = page.getByRole('list', { name: 'Questions about the sample' }).getByRole('button', { name: 'When does the cat appear?' });
      await offered.waitFor();
      await assertAccessible(page, 'welcome');
      await offered.click();
      await conversation(page).waitFor();
    });

    step('the encode shows how far it is, and the question is answered from what is in memory by then', async () => {
      const { page } = app;
      const shares = new Set<string>();
      await eventually(async () => (await page.getByText(/\d+\.\d\s?%/u).first().textContent()) ?? '', (text) => shares.add(text).size > 2, 'a share that grows');
      await assertAccessible(page, 'encoding');
      await page.getByRole('button', { name: 'Ask now' }).click();
      await finishedAnswers(page).first().waitFor();
      await lastAnswer(page).getByText(/From the first .+ of 1 h/u).waitFor();
    });

    step('a question is answered word by word, with times that lead there', async () => {
      const { page } = app;
      await eventually(() => page.getByText(/\d+\.\d\s?%/u).count(), (count) => count === 0, 'the encode', 120_000);
      await ask(page, 'When does the cat appear?');
      await eventually(() => answers(page).count(), (count) => count === 2, 'an answer that begins');
      await finishedAnswers(page).nth(1).waitFor();
      const time = lastAnswer(page).getByRole('button', { name: /^Go to \d/u }).first();
      const seconds = parseClock((await time.textContent())?.split('–')[0]?.trim() ?? '');
      assert.ok(seconds > 0);
      await time.click();
      await eventually(() => playerSeconds(page), (at) => Math.abs(at - seconds) < 1, 'the player at the time');
      await assertAccessible(page, 'an answer');
    });

    step('a second turn, another answer to it, and back', async () => {
      const { page } = app;
      await askAndRead(page, 'Where is the kite?');
      assert.equal(await questions(page).count(), 3);
      await lastAnswer(page).getByRole('button', { name: 'Answer again' }).click();
      await lastAnswer(page).getByRole('group', { name: 'Answer 2 of 2' }).waitFor();
      await lastAnswer(page).getByRole('button', { name: 'Previous version' }).click();
      await lastAnswer(page).getByRole('group', { name: 'Answer 1 of 2' }).waitFor();
    });
  });
}
