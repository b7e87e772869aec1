import type { Browser, BrowserContext, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { fromChromium, toChromium } from './app/scheme-addresses.ts';
import type { MessageToPage, PageMessage, ToApp, WindowOptions } from './messages.ts';
import { pageScript } from './page-script.ts';

const binding = '__electronDoubleSend';
const receiver = '__electronDoubleReceive';

export type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;
type HostOptions = {
  readonly browser: Browser;
  readonly window: number;
  readonly options: WindowOptions;
  readonly proxyPort: number;
  readonly storage: StorageState | undefined;
  readonly paths: Readonly<Record<string, string>>;
  readonly electronVersion: string;
  readonly context: BrowserContextOptions;
  /** Each page of the window, before it is loaded. */
  readonly onPage: (page: Page) => void;
  readonly toApp: (message: ToApp) => void;
};

/** One BrowserWindow of the app as a page of Chromium, in a context whose only way out is the app's scheme server. */
export class PageHost {
  readonly #given: HostOptions;
  readonly #context: BrowserContext;
  #page: Page | undefined;
  #document = 0;
  #token = '';
  #waiting: MessageToPage[] = [];
  #delivering = false;
  #closed = false;

  private constructor(given: HostOptions, context: BrowserContext) {
    this.#given = given;
    this.#context = context;
  }

  static async open(given: HostOptions): Promise<PageHost> {
    const { browser, options, proxyPort, storage, paths, electronVersion } = given;
    const context = await browser.newContext({
      proxy: { server: `http://127.0.0.1:${proxyPort}` }, viewport: { width: options.width, height: options.height }, ...given.context, ...(storage && { storageState: storage }),
    });
    const host = new PageHost(given, context);
    await context.exposeBinding(binding, ({ page, frame }, token: string, message: PageMessage) => {
      if (page === host.#page) host.#fromPage(token, message, { url: fromChromium(frame.url()), hasParent: frame.parentFrame() !== null });
    });
    const argv = ['electron', ...options.additionalArguments];
    await context.addInitScript({ content: pageScript({ binding, receiver, argv, platform: process.platform, electronVersion, paths }, options.preload) });
    // A page that a page opened: main denies them all (`mayOpenWindow`), here only after the fact.
    context.on('page', (page) => { void page.opener().then((opener) => (opener === null ? undefined : page.close())); });
    await host.#newPage();
    return host;
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error('The window has no page.');
    return this.#page;
  }

  async #newPage(): Promise<void> {
    const page = await this.#context.newPage();
    this.#page = page;
    const { window, toApp, onPage } = this.#given;
    onPage(page);
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) toApp({ type: 'loading', window });
    });
    page.on('load', () => { toApp({ type: 'loaded', window }); });
    page.on('crash', () => { toApp({ type: 'crashed', window }); });
    page.on('close', () => { if (!this.#closed && page === this.#page) toApp({ type: 'asked-to-close', window }); });
    // The proxy cannot answer for these: Chromium would leave the page for its own error page.
    const session: CDPSession = await this.#context.newCDPSession(page);
    session.on('Fetch.requestPaused', ({ requestId }) => { session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }).catch(() => undefined); });
    await session.send('Fetch.enable', { patterns: [{ urlPattern: 'https://*' }, { urlPattern: 'file://*' }] });
  }

  async load(url: string): Promise<void> {
    await this.page.goto(toChromium(url), { waitUntil: 'commit' }).catch(() => undefined);
  }

  /** A page whose process has crashed cannot be loaded again here: another one takes its place. */
  async reload(crashed: boolean): Promise<void> {
    const url = this.page.url();
    if (!crashed) { await this.page.reload({ waitUntil: 'commit' }).catch(() => undefined); return; }
    const old = this.page;
    await this.#newPage();
    await old.close().catch(() => undefined);
    await this.load(fromChromium(url));
  }

  #fromPage(token: string, message: PageMessage, frame: { readonly url: string; readonly hasParent: boolean }): void {
    if (message.kind === 'hello') {
      this.#document++;
      this.#token = token;
      this.#waiting = [];
    }
    if (token === this.#token) this.#given.toApp({ type: 'from-page', window: this.#given.window, document: this.#document, frame, message });
  }

  /** In order, and many at once while the page is busy. */
  toPage(document: number, message: MessageToPage): void {
    if (document !== this.#document) return;
    this.#waiting.push(message);
    if (!this.#delivering) void this.#deliver();
  }

  async #deliver(): Promise<void> {
    this.#delivering = true;
    while (this.#waiting.length > 0 && !this.#closed) {
      const messages = this.#waiting.splice(0);
      // A document that goes meanwhile takes its messages with it.
      await this.page.evaluate(([name, token, given]) => {
        const take = (globalThis as Record<string, unknown>)[name] as ((token: string, messages: unknown) => void) | undefined;
        take?.(token, given);
      }, [receiver, this.#token, messages] as const).catch(() => undefined);
    }
    this.#delivering = false;
  }

  async knowFile(name: string, path: string): Promise<void> {
    await this.page.evaluate(([property, fileName, filePath]) => {
      ((globalThis as Record<string, unknown>)[property] as Map<string, string>).set(fileName, filePath);
    }, [`${receiver}Paths`, name, path] as const);
  }

  storage(): Promise<StorageState> {
    return this.#context.storageState({ indexedDB: true });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#context.close().catch(() => undefined);
  }
}
