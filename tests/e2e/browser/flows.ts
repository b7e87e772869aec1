import path from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { scratchDirectory } from '../../support/scratch.ts';
import { closeBrowser, openApp, type App, type ShellKind } from './harness.ts';
import { assertAccessible } from './support/axe.ts';

/** What a person does with the app, from the first start on, in this order, over one kind of shell. */
export function describeApp(kind: ShellKind): void {
  const scratch = scratchDirectory(`app-${kind}`);
  const home = path.join(scratch, 'home');
  let app: App;

  before(async () => { app = await openApp(kind, { home }); });
  afterEach(() => { app.problems.assertNone(); });
  after(async () => {
    await app[Symbol.asyncDispose]();
    await closeBrowser();
  });

  suite(`the app in ${kind}`, () => {
    test('the first start offers the sample, and opens it', async () => {
      await app.page.getByRole('button', { name: 'Try the one-hour sample' }).waitFor();
      await assertAccessible(app.page, 'welcome');
      await app.page.getByRole('button', { name: 'Try the one-hour sample' }).click();
      await app.page.getByRole('textbox').waitFor();
      await assertAccessible(app.page, 'encoding');
    });
  });
}
