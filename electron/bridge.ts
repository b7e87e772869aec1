/**
 * What the preload script shows a page as `window.longtake`, and nothing else. Types only: main, preload and renderer
 * are three programs that share these names. In a browser there is none; `renderer/shell/web-shell.ts` stands in.
 */
export type MenuItemModel =
  | { readonly kind: 'separator' }
  | { readonly kind: 'submenu'; readonly label: string; readonly items: readonly MenuItemModel[] }
  | {
      readonly kind: 'action';
      /** Of the renderer's table of actions; comes back through `onAction`. */
      readonly id: string;
      readonly label: string;
      /** Electron's notation. The page handles the keys itself: the menu only shows them. */
      readonly accelerator?: string;
      readonly enabled: boolean;
      readonly checked?: boolean;
    }
  /** What the system does itself: cut, copy, paste, quit … */
  | { readonly kind: 'role'; readonly role: 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'selectAll' | 'quit' | 'minimize' | 'zoom' | 'togglefullscreen' | 'about' | 'hide' | 'hideOthers' | 'unhide' | 'services' };

export type ElectronBridge = {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly version: string;
  /** A connection to the engine. Messages are plain JSON; it closes when the engine ends, and another may be opened. */
  connect(): { send(message: unknown): void; onMessage(listener: (message: unknown) => void): void; onClose(listener: () => void): void; close(): void };
  /** Absolute paths that the user chose; empty where nothing was. */
  openFiles(options: { readonly title: string; readonly kind: 'videos' | 'memory' | 'folder' }): Promise<readonly string[]>;
  /** Where to write, or undefined. */
  saveFile(options: { readonly title: string; readonly fileName: string; readonly extension: string }): Promise<string | undefined>;
  /** Asks where, and writes; the path, or undefined where the user thought better of it. */
  saveText(options: { readonly title: string; readonly fileName: string; readonly extension: string; readonly text: string }): Promise<string | undefined>;
  /** Where a dropped file lies; undefined for one that is in no file system. */
  pathOf(file: File): string | undefined;
  /** Shows a path that the engine named in the system's file manager. */
  showInFolder(path: string): Promise<void>;
  /** https only, after the whole address was shown and confirmed. */
  openExternal(address: string): Promise<void>;
  copyText(text: string): Promise<void>;
  setMenu(menu: readonly MenuItemModel[]): void;
  /** An action of the menu was chosen. Returns what ends the listening. */
  onAction(listener: (actionId: string) => void): () => void;
  /** Files that the system opened with the app: double-clicked, dropped on its icon, or given on its command line. */
  onOpenFiles(listener: (paths: readonly string[]) => void): () => void;
  /** While something is encoded, quitting asks once. The words are the page's: it knows the language. */
  setBusy(busy: { readonly title: string; readonly detail: string; readonly quit: string; readonly stay: string } | null): void;
  /** light, dark, or as the system says. */
  setTheme(theme: 'light' | 'dark' | 'system'): void;
};
