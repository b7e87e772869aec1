import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { VideoCard } from '../../engine/protocol/methods-library.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { fileNameOf } from '../format/paths.ts';
import type { Slice } from './app-store.ts';

export type Storage = MethodResult<'storage.get'>;

export type StorageSlice = {
  /** What the library's folder takes, as it was when it was last asked for. */
  readonly storage: Storage | undefined;
  /** Videos that were removed from the library and still take room. */
  readonly removedVideos: readonly VideoCard[];
  /** Why the library could not be moved. */
  readonly moveError: string | undefined;
  loadStorage(): Promise<void>;
  /** Deletes memory and conversations of a video for good. Its file is not touched. */
  deleteVideos(videoIds: readonly string[]): Promise<void>;
  restoreVideo(videoId: string): Promise<void>;
  /** Moves the library's folder; the engine starts again there. True once it has moved. */
  moveLibrary(directory: string): Promise<boolean>;
  forgetMoveError(): void;
};

export const storageSlice: Slice<StorageSlice> = ({ link }) => (set, get) => ({
  storage: undefined,
  removedVideos: [],
  moveError: undefined,
  async loadStorage() {
    await get().attempt(async () => {
      const [storage, { videos }] = await Promise.all([link.request('storage.get', {}), link.request('library.list', { removed: true })]);
      set({ storage, removedVideos: videos });
    });
  },
  async deleteVideos(videoIds) {
    await get().attempt(async () => {
      for (const videoId of videoIds) {
        if (get().videos.some(({ id }) => id === videoId)) await link.request('library.remove', { videoId });
        await link.request('library.purge', { videoId });
      }
      get().forgetUndoables();
      get().notify({ kind: 'done', textKey: 'settings.storage.deletedNotice' });
    });
    await get().loadStorage();
  },
  async restoreVideo(videoId) {
    await get().attempt(() => link.request('library.restore', { videoId }));
    await get().loadStorage();
  },
  async moveLibrary(directory) {
    set({ moveError: undefined });
    const moved = await get().work('move', fileNameOf(directory), async (options) => {
      try {
        return await link.request('library.move', { directory }, options);
      } catch (error) {
        // Where the page that asked is gone, a notice says it; a person's own stop is no failure.
        if (isLongtakeError(error, 'cancelled') || get().dialog?.kind !== 'settings') throw error;
        set({ moveError: error instanceof Error ? error.message : String(error) });
        return undefined;
      }
    });
    if (moved !== undefined) get().notify({ kind: 'done', textKey: 'settings.storage.movedNotice', values: { to: moved.to } });
    return moved !== undefined;
  },
  forgetMoveError() { set({ moveError: undefined }); },
});
