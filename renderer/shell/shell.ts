import type { ElectronBridge } from '../../electron/bridge.ts';
import type { HostState } from './engine-link.ts';

declare global {
  interface Window { // eslint-disable-line @typescript-eslint/consistent-type-definitions -- only an interface can be added to
    readonly longtake?: ElectronBridge;
  }
}

export type BringInOptions = { readonly signal?: AbortSignal; readonly onProgress?: (share: number) => void };

/** What the engine wrote; `download` where it waits to be fetched. */
export type WrittenFile = { readonly fileName: string; readonly download: string | null };

/**
 * What surrounds the page: Electron, or a browser on the web host. Both give the same, so nothing else in the renderer
 * asks which one it is, except for words ("show in Finder") that only one of them can keep.
 */
export type Shell = ElectronBridge & {
  readonly kind: 'electron' | 'web';
  /** Address of a media resource: `video/<id>`, `proxy/<id>`, `poster/<id>`, `thumbnail/<memory>/<frame>`. */
  mediaAddress(resource: string): string;
  /** What has become of the engine's host where the engine cannot be reached: a browser's is another process, which may have ended. */
  lookAtHost(): Promise<HostState>;
  /** The path, on the engine's machine, of a file that was dropped: known to Electron, uploaded from a browser. */
  bringIn(file: File, options?: BringInOptions): Promise<string>;
  /** Has subtitles lie beside a video that was brought in, so that they are found with it. */
  bringBeside(subtitles: File, video: { readonly name: string; readonly path: string }, options?: BringInOptions): Promise<void>;
  /**
   * Has the engine write a file for the person: where they want it, asked first, or, in a browser, made to be downloaded
   * (`write` gets no place), which begins at once. Its name; undefined where they thought better of it, or it failed.
   */
  takeFile(options: { readonly title: string; readonly fileName: string; readonly extension: string }, write: (file: string | undefined) => Promise<WrittenFile | undefined>): Promise<string | undefined>;
};
