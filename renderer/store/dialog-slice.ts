import type { Progress } from '../../engine/protocol/progress.ts';
import { fileNameOf, withoutExtension } from '../format/paths.ts';
import type { Slice } from './app-store.ts';
import type { Plan } from './forecast.ts';
import { withFileName } from './said-of.ts';

/** What stands over the window, one at a time. */
export type Dialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'search' }
  | { readonly kind: 'chapters' }
  | { readonly kind: 'settings'; readonly page: 'general' | 'models' | 'storage' | 'programs' | 'shortcuts' | 'about' }
  | { readonly kind: 'export-memory'; readonly videoId: string }
  | { readonly kind: 'move-to-folder'; readonly videoIds: readonly string[] }
  | { readonly kind: 'forecast'; readonly plan: Plan };

/** Long work that a person started and may stop: exporting, importing, moving. */
export type Work = { readonly id: string; readonly kind: 'export' | 'import' | 'proxy' | 'move' | 'install'; readonly name: string; /** Of which video, where it is of one. */ readonly videoId: string | undefined; readonly progress: Progress | undefined; readonly stop: () => void };

export type DialogSlice = {
  readonly dialog: Dialog | undefined;
  readonly works: readonly Work[];
  showDialog(dialog: Dialog | undefined): void;
  /** Runs long work with its progress shown and a way to stop it; failures become notices. */
  work<Result>(kind: Work['kind'], name: string, run: (options: { signal: AbortSignal; onProgress: (progress: Progress) => void }) => Promise<Result>, videoId?: string): Promise<Result | undefined>;
  importMemory(file: string): Promise<void>;
  /** Makes a copy of a video that the player can play; the player takes it when it is there. */
  makeProxy(videoId: string): Promise<void>;
  /** The memory of a video as one file; `title` is that of the dialog which asks where. */
  exportMemory(videoId: string, options: { readonly chats: boolean; readonly title: string }): Promise<void>;
};

export const dialogSlice: Slice<DialogSlice> = ({ link, shell }) => (set, get) => ({
  dialog: undefined,
  works: [],
  showDialog(dialog) { set({ dialog }); },
  async work(kind, name, run, videoId) {
    const controller = new AbortController();
    const id = crypto.randomUUID();
    set({ works: [...get().works, { id, kind, name, videoId, progress: undefined, stop: () => { controller.abort(); } }] });
    try {
      return await get().attempt(() => run({
        signal: controller.signal,
        onProgress: (progress) => { set({ works: get().works.map((one) => one.id === id ? { ...one, progress } : one) }); },
      }), name);
    } finally {
      set({ works: get().works.filter((one) => one.id !== id) });
    }
  },
  async importMemory(file) {
    const imported = await get().work('import', fileNameOf(file), (options) => link.request('archive.import', { file }, options)
      .catch((error: unknown) => { throw withFileName(file, error); }));
    if (imported === undefined) return;
    get().selectVideo(imported.videoId);
    get().notify({ kind: 'done', textKey: imported.alreadyThere ? 'memory.alreadyThere' : 'memory.imported', values: { title: imported.title } });
  },
  async makeProxy(videoId) {
    const name = get().videos.find(({ id }) => id === videoId)?.title ?? '';
    await get().work('proxy', name, (options) => link.request('proxy.make', { videoId }, options), videoId);
  },
  async exportMemory(videoId, { chats, title }) {
    const name = get().videos.find(({ id }) => id === videoId)?.title ?? '';
    const fileName = `${withoutExtension(name).replaceAll(/[\\/:*?"<>|]/gu, ' ').trim()}.longtake`;
    const saved = await get().attempt(() => shell.takeFile({ title, fileName, extension: 'longtake' }, (file) =>
      // The dialog that asked where has asked about overwriting, too.
      get().work('export', name, (options) => link.request('archive.export', { videoId, chats, ...(file === undefined ? {} : { file, overwrite: true }) }, options), videoId)));
    if (saved !== undefined) get().notify({ kind: 'done', textKey: 'memory.export.done', values: { title: name, file: saved } });
  },
});
