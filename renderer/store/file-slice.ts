import type { ElectronBridge } from '../../electron/bridge.ts';
import type { Slice } from './app-store.ts';

/** What a dialog of the page was asked to let somebody choose. */
export type FileRequest = Parameters<ElectronBridge['openFiles']>[0];

export type FileSlice = {
  readonly fileRequest: FileRequest | undefined;
  /** The folder that was shown last. */
  readonly fileDirectory: string | undefined;
  /** Opens the page's own file dialog: a browser has none for another machine's files. Absolute paths; empty where nothing was chosen. */
  chooseFiles(request: FileRequest): Promise<readonly string[]>;
  /** What was chosen; nothing, where the dialog was closed. */
  fileChosen(paths: readonly string[]): void;
  keepDirectory(directory: string): void;
};

export const fileSlice: Slice<FileSlice> = () => (set) => {
  let answer: (paths: readonly string[]) => void = () => undefined;
  return {
    fileRequest: undefined,
    fileDirectory: undefined,
    chooseFiles(fileRequest) {
      answer([]);
      const { promise, resolve } = Promise.withResolvers<readonly string[]>();
      answer = resolve;
      set({ fileRequest });
      return promise;
    },
    fileChosen(paths) {
      set({ fileRequest: undefined });
      answer(paths);
    },
    keepDirectory(fileDirectory) { set({ fileDirectory }); },
  };
};
