import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startEngineProcess } from '../../engine/server/engine-process.ts';
import { startWebHost } from '../../engine/server/web/host.ts';
import { buildIfStale } from '../../scripts/build.ts';
import { desktop, launchChromium, patientMs } from './chromium.ts';

/** The built page before a real web host and engine, in a browser of its own. It is empty: who has begun to listen goes to `address`. */
export type AppPage = AsyncDisposable & {
  readonly page: Page;
  readonly browser: Browser;
  /** Of the host, with its token. */
  readonly address: string;
  readonly origin: string;
  readonly token: string;
};

/** A window as most people have it; `options` are over that. `drawn` as in `launchChromium`. */
export async function openAppPage(home: string, options: BrowserContextOptions = {}, drawn?: Parameters<typeof launchChromium>[0]): Promise<AppPage> {
  await buildIfStale();
  await using opened = new AsyncDisposableStack();
  const engine = opened.use(startEngineProcess({ environment: { LONGTAKE_HOME: home } }));
  const host = opened.use(await startWebHost(engine));
  const browser = await launchChromium(drawn);
  opened.defer(() => browser.close());
  const context = await browser.newContext({ ...desktop, ...options });
  context.setDefaultTimeout(patientMs);
  const page = await context.newPage();
  const { address, origin, token } = host;
  const owned = opened.move();
  return { page, browser, address, origin, token, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
