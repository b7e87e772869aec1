import type { FolderEntry } from '../../engine/protocol/methods-folders.ts';
import type { Slice } from './app-store.ts';

export type FolderSlice = {
  /** By name. */
  readonly folders: readonly FolderEntry[];
  /** Those whose videos the rail does not list. */
  readonly closedFolders: Readonly<Record<string, number>>;
  /** Whose name is being typed. */
  readonly renamingFolderId: string | undefined;
  /** Videos that were chosen together, to be moved or asked at once; in the order of the choice. */
  readonly markedVideoIds: readonly string[];
  markVideos(videoIds: readonly string[]): void;
  /** Makes a folder with some videos in it. `toBeNamed`: the name is only for a start, and is typed over at once. */
  createFolder(name: string, videoIds: readonly string[], options?: { readonly toBeNamed?: boolean }): Promise<void>;
  setRenamingFolder(folderId: string | undefined): void;
  renameFolder(folderId: string, name: string): Promise<void>;
  /** Its videos stay; with a way back. */
  removeFolder(folderId: string): Promise<void>;
  /** Into a folder, or with null into none; with a way back. */
  putIntoFolder(videoIds: readonly string[], folderId: string | null): Promise<void>;
  toggleFolder(folderId: string, open?: boolean): void;
  /** Opens a folder in the rail and puts the keyboard on it. */
  showFolder(folderId: string): void;
  restoreFolders(kept: unknown): void;
};

const moveKeys: ReadonlySet<string> = new Set(['takenOne', 'takenSeveral', 'movedOne', 'movedSeveral'].map((key) => `library.folder.${key}`));

export const folderSlice: Slice<FolderSlice> = ({ link }) => (set, get) => {
  const changeLocally = (videoIds: readonly string[], folderId: string | null): void => {
    const moved = new Set(videoIds);
    set({ videos: get().videos.map((video) => moved.has(video.id) ? { ...video, folderId } : video) });
  };
  /** Where videos are now, so that they can be put back there. */
  const placesOf = (videoIds: readonly string[]): ReadonlyMap<string | null, string[]> => {
    const places = new Map<string | null, string[]>();
    const wanted = new Set(videoIds);
    for (const { id, folderId } of get().videos) {
      if (!wanted.has(id)) continue;
      const others = places.get(folderId);
      if (others === undefined) places.set(folderId, [id]);
      else others.push(id);
    }
    return places;
  };
  return {
    folders: [],
    closedFolders: {},
    renamingFolderId: undefined,
    markedVideoIds: [],
    markVideos(markedVideoIds) { set({ markedVideoIds }); },
    async createFolder(name, videoIds, { toBeNamed = false } = {}) {
      await get().attempt(async () => {
        const folder = await link.request('folders.create', { name, videoIds: [...videoIds] });
        if (!get().folders.some(({ id }) => id === folder.id)) set({ folders: [...get().folders, folder] });
        changeLocally(videoIds, folder.id);
        set({ markedVideoIds: [] });
        if (get().railCollapsed) get().toggleRail();
        if (toBeNamed) set({ renamingFolderId: folder.id });
        else get().notify({ kind: 'done', textKey: 'library.folder.made', values: { name: folder.name } });
      });
    },
    setRenamingFolder(renamingFolderId) { set({ renamingFolderId }); },
    async renameFolder(folderId, name) {
      await get().attempt(() => link.request('folders.rename', { folderId, name }));
    },
    async removeFolder(folderId) {
      const name = get().folders.find(({ id }) => id === folderId)?.name ?? '';
      await get().attempt(async () => {
        await link.request('folders.remove', { folderId });
        get().notify({ kind: 'undo', textKey: 'library.folder.removed', values: { name }, undo: () => link.request('folders.restore', { folderId }) });
      });
    },
    async putIntoFolder(videoIds, folderId) {
      const wanted = new Set(videoIds);
      const places = placesOf(get().videos.filter((video) => wanted.has(video.id) && video.folderId !== folderId).map(({ id }) => id));
      const moved = [...places.values()].flat();
      const [first] = moved;
      if (first === undefined) return;
      const name = get().folders.find(({ id }) => id === folderId)?.name;
      const title = get().videos.find(({ id }) => id === first)?.title ?? '';
      await get().attempt(async () => {
        changeLocally(moved, folderId);
        await link.request('folders.put', { videoIds: moved, folderId });
        set({ markedVideoIds: [] });
        const [one, number] = [moved.length === 1, String(moved.length)];
        // Who moves one after another would soon see nothing but what was moved before.
        for (const notice of get().notices) if (notice.kind === 'undo' && moveKeys.has(notice.textKey)) get().dismiss(notice.id);
        get().notify({
          kind: 'undo', textKey: `library.folder.${name === undefined ? one ? 'takenOne' : 'takenSeveral' : one ? 'movedOne' : 'movedSeveral'}`,
          values: { title, number, name: name ?? '' },
          async undo() { for (const [place, ids] of places) await link.request('folders.put', { videoIds: ids, folderId: place }); },
        });
      });
    },
    toggleFolder(folderId, open) {
      const { [folderId]: closed, ...others } = get().closedFolders;
      const opens = open ?? closed !== undefined;
      set({ closedFolders: opens ? others : { ...others, [folderId]: 1 } });
      get().remember({ closedFolders: get().closedFolders });
    },
    showFolder(folderId) {
      if (get().railCollapsed) get().toggleRail();
      get().toggleFolder(folderId, true);
      requestAnimationFrame(() => { document.querySelector<HTMLElement>(`[data-row="${CSS.escape(folderId)}"]`)?.focus(); });
    },
    restoreFolders(kept) {
      if (typeof kept !== 'object' || kept === null) return;
      set({ closedFolders: Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, number] => typeof entry[1] === 'number')) });
    },
  };
};
