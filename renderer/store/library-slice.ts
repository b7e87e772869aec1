import type { StreamEvent } from '../../engine/protocol/events.ts';
import type { QueueJob, VideoCard } from '../../engine/protocol/methods-library.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import type { Slice } from './app-store.ts';

export type VideoDetails = MethodResult<'library.get'>;
export type MemoryDetails = NonNullable<MethodResult<'memory.info'>['memory']>;

/** Something that is being brought into the library: looked into, or copied from a browser first. */
export type Arrival = {
  readonly id: string;
  readonly name: string;
  /** Of the copy, 0 to 1; undefined while the engine looks into it. */
  readonly share: number | undefined;
  readonly stop: () => void;
};

export type LibrarySlice = {
  readonly videos: readonly VideoCard[];
  readonly libraryBytes: number;
  readonly jobs: readonly QueueJob[];
  readonly arrivals: readonly Arrival[];
  readonly selectedVideoId: string | undefined;
  /** Of the selected video, once it was asked for. */
  readonly video: VideoDetails | undefined;
  readonly memory: MemoryDetails | undefined;
  readonly suggestions: readonly string[];
  takeLibrary(event: StreamEvent<'library'>): void;
  /** Shows a video; its conversations and memory follow. */
  selectVideo(videoId: string | undefined): void;
  /** Files and folders by path: queued, or refused one by one in words. Memories (.longtake) are imported. */
  addPaths(paths: readonly string[]): Promise<void>;
  /** Files that were dropped on the page. */
  addFiles(files: readonly File[]): Promise<void>;
  addSample(): Promise<void>;
  /** Out of the library, with a way back. */
  removeVideo(videoId: string): Promise<void>;
};

export const librarySlice: Slice<LibrarySlice> = ({ link, shell }) => (set, get) => {
  const refresh = async (videoId: string): Promise<void> => {
    const [video, { memory }, { questions }] = await Promise.all([
      link.request('library.get', { videoId }), link.request('memory.info', { videoId }), link.request('suggestions.list', { videoId }),
    ]);
    if (get().selectedVideoId === videoId) set({ video, memory: memory ?? undefined, suggestions: questions });
  };
  const arrive = (name: string): { arrival: Arrival; signal: AbortSignal; change(share: number | undefined): void; end(): void } => {
    const controller = new AbortController();
    const arrival: Arrival = { id: crypto.randomUUID(), name, share: undefined, stop: () => { controller.abort(); } };
    set({ arrivals: [...get().arrivals, arrival] });
    return {
      arrival, signal: controller.signal,
      change(share) { set({ arrivals: get().arrivals.map((one) => one.id === arrival.id ? { ...one, share } : one) }); },
      end() { set({ arrivals: get().arrivals.filter((one) => one.id !== arrival.id) }); },
    };
  };

  return {
    videos: [],
    libraryBytes: 0,
    jobs: [],
    arrivals: [],
    selectedVideoId: undefined,
    video: undefined,
    memory: undefined,
    suggestions: [],
    takeLibrary({ videos, byteLength }) {
      const before = get();
      set({ videos, libraryBytes: byteLength, loaded: true });
      const selected = videos.find(({ id }) => id === before.selectedVideoId);
      if (before.selectedVideoId !== undefined && selected === undefined) get().selectVideo(undefined);
      // What is shown of the selected video grows with its encode.
      else if (selected !== undefined && selected !== before.videos.find(({ id }) => id === selected.id)) void get().attempt(() => refresh(selected.id));
    },
    selectVideo(videoId) {
      if (videoId === get().selectedVideoId) return;
      set({ selectedVideoId: videoId, video: undefined, memory: undefined, suggestions: [] });
      get().resetPlayer();
      get().resetTimeline();
      get().openVideoConversations(videoId);
      if (videoId !== undefined) void get().attempt(() => refresh(videoId));
      get().rememberPlace();
    },
    async addPaths(paths) {
      const memories = paths.filter((path) => path.toLowerCase().endsWith('.longtake'));
      const others = paths.filter((path) => !memories.includes(path));
      for (const file of memories) await get().importMemory(file);
      if (others.length === 0) return;
      const name = others.length === 1 ? others[0]?.split(/[\\/]/u).pop() ?? '' : `${others.length}`;
      const { signal, end } = arrive(name);
      await get().attempt(async () => {
        const { results } = await link.request('queue.add', { paths: [...others] }, { signal });
        for (const result of results) {
          if (result.outcome === 'refused') get().notify({ kind: 'error', text: result.error.message, code: result.error.code, subject: result.path.split(/[\\/]/u).pop() });
        }
        const first = results.find((result) => result.outcome !== 'refused');
        if (first !== undefined) get().selectVideo(first.videoId);
      });
      end();
    },
    async addFiles(files) {
      const paths: string[] = [];
      for (const file of files) {
        const { signal, change, end } = arrive(file.name);
        const path = await get().attempt(() => shell.bringIn(file, { signal, onProgress: change }));
        end();
        if (path !== undefined) paths.push(path);
      }
      if (paths.length > 0) await get().addPaths(paths);
    },
    async removeVideo(videoId) {
      const title = get().videos.find(({ id }) => id === videoId)?.title ?? '';
      await get().attempt(async () => {
        await link.request('library.remove', { videoId });
        get().notify({ kind: 'undo', textKey: 'library.removed', values: { title }, undo: () => get().attempt(async () => {
          await link.request('library.restore', { videoId });
          get().selectVideo(videoId);
        }) });
      });
    },
    async addSample() {
      await get().attempt(async () => { get().selectVideo((await link.request('queue.addSample', {})).videoId); });
    },
  };
};
