import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { scratchDirectory } from '../../../support/scratch.ts';
import { assertAccessible } from '../support/axe.ts';
import { closeBrowser, openApp, withPicture, type App, type ShellKind } from '../harness.ts';

/** One app, and the steps that a person takes with it, one after the other. */
export type Stage = {
  readonly kind: ShellKind;
  /** A folder for what a person has outside of the app: films, exports. */
  readonly desk: string;
  /** The one that runs now. */
  readonly app: App;
  /** The steps from here on stand on each other, and no more on those before. */
  begin(): void;
  step(name: string, run: (page: Page) => Promise<void>): void;
  /** Looks a page over with axe. The double shows the same page as the web host: there it is not looked over once more. */
  assertAccessible(page: Page, what: string): Promise<void>;
  /** Quits and starts again on the same library. What was asked at the end. */
  restart(): Promise<readonly string[]>;
};

/** For within a suite: opens the app before its steps and quits it after them. */
export function setStage(kind: ShellKind): Stage {
  let app: App | undefined;
  let group: { broken?: string | undefined } = {};
  const current = (): App => {
    if (app === undefined) throw new Error('The app is not open.');
    return app;
  };
  before(async () => { app = await openApp(kind, { home }); });
  after(async () => {
    try {
      await app?.[Symbol.asyncDispose]();
    } finally {
      await closeBrowser();
    }
  });
  const scratch = scratchDirectory(`app-${kind}`);
  const home = path.join(scratch, 'home');
  const desk = path.join(scratch, 'desk');
  mkdirSync(desk);
  return {
    kind, desk,
    get app() { return current(); },
    begin() { group = {}; },
    // After a failure the rest would only wait for what never comes.
    step(name, run) {
      const steps = group;
      test(name, async () => {
        assert.equal(steps.broken, undefined, 'an earlier step has failed');
        steps.broken = name;
        await withPicture(current, `${kind}, ${name}`, () => run(current().page));
        current().problems.assertNone();
        steps.broken = undefined;
      });
    },
    assertAccessible: async (page, what) => { if (kind !== 'electron-double') await assertAccessible(page, what); },
    async restart() {
      const old = current();
      await old[Symbol.asyncDispose]();
      old.problems.assertNone();
      app = undefined;
      app = await openApp(kind, { home });
      return old.askedToQuit();
    },
  };
}
