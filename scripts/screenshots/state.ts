import type { Locator, Page } from 'playwright-core';
import type { EngineClient } from '../../engine/protocol/envelope-client.ts';
import type { App } from '../../tests/e2e/browser/harness.ts';

/** What a state may use to come about. */
export type Stage = { readonly app: App; readonly client: EngineClient; /** After an engine has ended: the connection was to that one. */ readonly reconnect: () => Promise<void>; readonly scratch: string; readonly home: string; /** The sample's, as a file, where there is one. */ readonly memory: string | undefined };

/** A state of the app worth looking at, on top of those before it. */
export type State = {
  readonly name: string;
  /** Later states stand on it: it is prepared even where its picture is not wanted. */
  readonly needed?: boolean;
  /** Also in Chinese, and in a window of 800 × 600. */
  readonly everywhere?: boolean;
  /** Gone with the next change of the window: shown anew for each size, and left after it. */
  readonly fleeting?: boolean;
  /** Keeps it from passing by while it is looked at. */
  readonly around?: (page: Page, stage: Stage, look: () => Promise<void>) => Promise<void>;
  /** Once, on the engine's side. */
  readonly prepare?: (stage: Stage) => Promise<unknown>;
  /** What a person does to see it. */
  readonly show: (page: Page, stage: Stage) => Promise<unknown>;
  readonly leave?: (page: Page, stage: Stage) => Promise<unknown>;
  readonly after?: (stage: Stage) => Promise<unknown>;
};

/** States that follow each other in one home; every chapter stands on the first alone. */
export type Story = { readonly name: string; readonly furnish?: (home: string) => Promise<void>; readonly chapters: readonly (readonly State[])[] };

/** What the engine is in the midst of stays as it is: of its process, not of what it is told. */
export const engineHeld: NonNullable<State['around']> = (_page, { app }, look) => app.holdEngine({ meanwhile: look });

/** The card of a video, pressed. */
export async function openVideo(page: Page, title: string): Promise<void> {
  const card = page.getByRole('navigation', { name: 'Library' }).getByRole('button', { name: new RegExp(`^${title}`, 'u') }).first();
  if (await card.getAttribute('aria-current') !== 'true') await card.click();
}

/** In a narrow window the conversation is behind a tab. */
export async function showTab(page: Page, name: 'Video' | 'Conversation'): Promise<void> {
  const tab = page.getByRole('tab', { name });
  if (await tab.count() > 0) await tab.click();
}

/** One about the sample. */
export async function openConversation(page: Page, title: RegExp): Promise<void> {
  await openVideo(page, 'Pebble Town');
  await showTab(page, 'Conversation');
  const here = page.getByRole('complementary', { name: 'Conversation' }).or(page.getByRole('region', { name: 'Conversation' }));
  const shown = here.getByRole('heading', { level: 2, name: title });
  const others = page.getByRole('button', { name: /choose another conversation/u });
  await shown.or(others).first().waitFor();
  if (await shown.count() > 0) return;
  await others.click();
  await page.getByRole('menuitemradio', { name: title }).click();
}

export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Your question' });
export const notices = (page: Page): Locator => page.getByRole('region', { name: /^Notification/u }).getByRole('listitem');
export const lastAnswer = (page: Page): Locator => page.getByRole('article', { name: 'Answer' }).last();

/** Asks as a person does, and is back with the first sign of the answer. */
export async function ask(page: Page, question: string): Promise<void> {
  await composer(page).fill(question);
  await page.getByRole('button', { name: 'Ask', exact: true }).and(page.locator(':enabled')).waitFor();
  await composer(page).press('Enter');
  await page.locator('article[aria-busy=true]').waitFor();
}

/** Those that do not go by themselves, too. */
export async function closeNotices(page: Page): Promise<void> {
  while (await notices(page).count() > 0) {
    // One may be on its way out just then.
    await notices(page).first().getByRole('button', { name: 'Close' }).click({ timeout: 1000 }).catch(() => undefined);
  }
}
