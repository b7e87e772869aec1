import type { Page } from 'playwright-core';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import type { App } from '../../tests/e2e/browser/harness.ts';

/** What a state may use to come about. */
export type Stage = { readonly app: App; readonly client: EngineClient; readonly scratch: string; readonly home: string };

/** A state of the app worth looking at, on top of those before it. */
export type State = {
  readonly name: string;
  /** Later states stand on it: it is prepared even where its picture is not wanted. */
  readonly needed?: boolean;
  /** Once, on the engine's side. */
  readonly prepare?: (stage: Stage) => Promise<void>;
  /** In every page. */
  readonly show: (page: Page, stage: Stage) => Promise<void>;
  readonly leave?: (page: Page, stage: Stage) => Promise<void>;
  readonly after?: (stage: Stage) => Promise<void>;
};

export const states: readonly State[] = [
  {
    name: 'welcome',
    async show(page) { await page.getByRole('main').getByRole('button').first().waitFor(); },
  },
  {
    name: 'encoding', needed: true,
    async prepare({ client }) { await client.request('queue.addSample', {}); },
    async show(page) { await page.getByRole('navigation').getByText('Pebble Town').first().waitFor(); },
  },
];
