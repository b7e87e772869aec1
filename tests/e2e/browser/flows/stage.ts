import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { scratchDirectory } from '../../../support/scratch.ts';
import { assertAccessible } from '../support/axe.ts';
import { closeBrowser, openApp, withPicture, type App, type ShellKind } from '../harness.ts';

/**
 * Steps that stand on each other, and on those of other parts, which come before: a film that was added there, a name that
 * it got. Where a step has failed, those that stand on it say which, and none waits for what cannot come.
 */
export type Part = { readonly standsOn: readonly Part[]; readonly steps: (stage: Stage) => void };

export const part = (standsOn: readonly Part[], steps: (stage: Stage) => void): Part => ({ standsOn, steps });

/** One app, and the steps that a person takes with it, one after the other. */
export type Stage = {
  readonly kind: ShellKind;
  /** A folder for what a person has outside of the app: films, exports. */
  readonly desk: string;
  /** The one that runs now. */
  readonly app: App;
  /** Takes the steps of a part. What it stands on was played before. */
  play(part: Part): void;
  /** For within a part. */
  step(name: string, run: (page: Page) => Promise<void>): void;
  /** Looks a page over with axe. The double shows the same page as the web host: there it is not looked over once more. */
  assertAccessible(page: Page, what: string): Promise<void>;
  /** Quits and starts again on the same library. What was asked at the end. */
  restart(): Promise<readonly string[]>;
};

/** For within a suite: opens the app before its steps and quits it after them. */
export function setStage(kind: ShellKind): Stage {
  let app: App | undefined;
  let playing: Part | undefined;
  /** What was played, with the step that has failed or runs. */
  const brokenSteps = new Map<Part, string | undefined>();
  const brokenStep = (of: Part): string | undefined => brokenSteps.get(of) ?? of.standsOn.map(brokenStep).find((name) => name !== undefined);
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
  const stage: Stage = {
    kind, desk,
    get app() { return current(); },
    play(next) {
      for (const base of next.standsOn) assert.ok(brokenSteps.has(base), 'a part is played before one that it stands on');
      brokenSteps.set(next, undefined);
      playing = next;
      next.steps(stage);
      playing = undefined;
    },
    step(name, run) {
      assert.ok(playing !== undefined, 'a step of no part');
      const own = playing;
      test(name, async () => {
        assert.equal(brokenStep(own), undefined, 'a step that this one stands on has failed');
        brokenSteps.set(own, name);
        await withPicture(current, `${kind}, ${name}`, () => run(current().page));
        current().problems.assertNone();
        brokenSteps.set(own, undefined);
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
  return stage;
}
