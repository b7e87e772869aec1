/**
 * What crosses between the two halves of the double: the process of the app, where the built main.js runs, and the
 * test's process, which owns Chromium. Carried by Node's IPC with structured clone.
 */

/** One message between a page's preload script and main. Ports are numbered by the page. */
export type PageMessage =
  | { readonly kind: 'hello' }
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'post'; readonly channel: string; readonly message: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port-message'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'port-closed'; readonly port: number };

export type MessageToPage =
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'port-message'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'port-closed'; readonly port: number };

/** The frame that a message came from, as main sees it. */
export type FrameState = { readonly url: string; readonly hasParent: boolean };

export type WindowOptions = { readonly width: number; readonly height: number; readonly preload: string; readonly additionalArguments: readonly string[] };

/** What main called that a person, or the system, would notice. */
export type LoggedCall = { readonly api: string; readonly value: unknown };

export type FromApp =
  | { readonly type: 'window'; readonly window: number; readonly options: WindowOptions; readonly proxyPort: number }
  | { readonly type: 'load'; readonly window: number; readonly url: string }
  | { readonly type: 'reload'; readonly window: number }
  | { readonly type: 'close'; readonly window: number }
  | { readonly type: 'to-page'; readonly window: number; readonly document: number; readonly message: MessageToPage }
  | { readonly type: 'log'; readonly call: LoggedCall }
  | { readonly type: 'dialog'; readonly id: number; readonly api: string; readonly options: unknown }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

export type ToApp =
  /** `document` counts the documents that a window has had. */
  | { readonly type: 'from-page'; readonly window: number; readonly document: number; readonly frame: FrameState; readonly message: PageMessage }
  | { readonly type: 'loading' | 'loaded' | 'crashed' | 'asked-to-close'; readonly window: number }
  | { readonly type: 'dialog-answer'; readonly id: number; readonly value: unknown }
  /** Of the test: one of {@link Commands}. */
  | { readonly type: 'command'; readonly id: number; readonly name: keyof Commands; readonly parameter: unknown };

/** What a test may do to the app that a page cannot: what the system, or a person outside of the page, does. */
export type Commands = {
  /** File ▸ Quit, or the system's own way. */
  quit(nothing: null): void;
  /** By labels, from the bar down. */
  chooseMenu(labels: readonly string[]): void;
  /** macOS's way of opening a file with an app that runs. */
  openFile(path: string): void;
  /** Whether a renderer's navigation would be let through, and whether a new window would. */
  mayNavigate(url: string): boolean;
  mayOpenWindow(url: string): boolean;
  mayAttachWebview(nothing: null): boolean;
  mayDownload(nothing: null): boolean;
  mayRequest(url: string): Promise<boolean>;
  hasPermission(permission: string): Promise<{ readonly request: boolean; readonly check: boolean; readonly device: boolean }>;
  /** A message as if another frame, or another page, had sent it; what `invoke` answered. */
  pretend(message: { readonly frame: FrameState | null; readonly channel: string; readonly args: readonly unknown[] }): Promise<unknown>;
  /** What main has set, for tests to read. */
  state(nothing: null): AppState;
};

export type MenuState = { readonly label: string; readonly id?: string; readonly role?: string; readonly enabled: boolean; readonly accelerator?: string; readonly checked?: boolean; readonly items?: readonly MenuState[] };

export type AppState = {
  readonly sandboxEnabled: boolean;
  readonly switches: Readonly<Record<string, string>>;
  readonly schemes: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  readonly handledSchemes: readonly string[];
  readonly windows: readonly { readonly options: Readonly<Record<string, unknown>>; readonly url: string; readonly visible: boolean }[];
  readonly menu: readonly MenuState[] | null;
  readonly themeSource: string;
  readonly spellChecker: boolean;
  readonly clipboard: string;
};
