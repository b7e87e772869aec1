import type { Progress } from '../../engine/protocol/progress.ts';
import { fileNameOf } from '../format/paths.ts';
import type { PlannedFile } from '../library/forecast.ts';
import type { Slice } from './app-store.ts';

/** What stands over the window, one at a time. */
export type Dialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'search' }
  | { readonly kind: 'settings'; readonly page: 'general' | 'models' | 'storage' | 'shortcuts' | 'about' }
  | { readonly kind: 'export-memory'; readonly videoId: string }
  | { readonly kind: 'forecast'; readonly planned: readonly PlannedFile[] };

/** Long work that a person started and may stop: exporting, importing, moving. */
export type Work = { readonly id: string; readonly kind: 'export' | 'import' | 'proxy' | 'move' | 'install'; readonly name: string; readonly progress: Progress | undefined; readonly stop: () => void };

export type DialogSlice = {
  readonly dialog: Dialog | undefined;
  readonly works: readonly Work[];
  showDialog(dialog: Dialog | undefined): void;
  /** Runs long work with its progress shown and a way to stop it; failures become notices. */
  work<Result>(kind: Work['kind'], name: string, run: (options: { signal: AbortSignal; onProgress: (progress: Progress) => void }) => Promise<Result>): Promise<Result | undefined>;
  importMemory(file: string): Promise<void>;
};

export const dialogSlice: Slice<DialogSlice> = ({ link }) => (set, get) => ({
  dialog: undefined,
  works: [],
  showDialog(dialog) { set({ dialog }); },
  async work(kind, name, run) {
    const controller = new AbortController();
    const id = crypto.randomUUID();
    set({ works: [...get().works, { id, kind, name, progress: undefined, stop: () => { controller.abort(); } }] });
    try {
      return await get().attempt(() => run({
        signal: controller.signal,
        onProgress: (progress) => { set({ works: get().works.map((one) => one.id === id ? { ...one, progress } : one) }); },
      }));
    } finally {
      set({ works: get().works.filter((one) => one.id !== id) });
    }
  },
  async importMemory(file) {
    const imported = await get().work('import', fileNameOf(file), (options) => link.request('archive.import', { file }, options));
    if (imported === undefined) return;
    get().selectVideo(imported.videoId);
    get().notify({ kind: 'done', textKey: imported.alreadyThere ? 'memory.alreadyThere' : 'memory.imported', values: { title: imported.title } });
  },
});
