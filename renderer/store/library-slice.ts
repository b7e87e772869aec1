import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { StreamEvent } from '../../engine/protocol/events.ts';
import type { VideoCard } from '../../engine/protocol/methods-library.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import { fileNameOf } from '../format/paths.ts';
import { shownLanguage } from '../i18n/languages.ts';
import { keepEqual } from './keep-equal.ts';
import type { Slice } from './app-store.ts';
import { encoderInUse } from './models-slice.ts';
import { isAskable } from './video-state.ts';

export type VideoDetails = MethodResult<'library.get'>;
export type MemoryDetails = NonNullable<MethodResult<'memory.info'>['memory']>;

export type LibrarySlice = {
  readonly videos: readonly VideoCard[];
  readonly libraryBytes: number;
  readonly selectedVideoId: string | undefined;
  /** When videos were last opened, as it was at the start: cards do not jump while they are clicked. */
  readonly usedAtMs: Readonly<Record<string, number>>;
  /** Of the selected video, once it was asked for. */
  readonly video: VideoDetails | undefined;
  readonly memory: MemoryDetails | undefined;
  /** Questions about it that have not been asked yet, in the language of the interface. */
  readonly suggestions: readonly string[];
  takeLibrary(event: StreamEvent<'library'>): void;
  /** What is known of the selected video grows with its encode. */
  followEncode(): void;
  /** Shows a video; its conversations and memory follow. */
  selectVideo(videoId: string | undefined): void;
  renameVideo(videoId: string, title: string): Promise<void>;
  /** Asks anew what is known of the selected video: nobody tells that its file has gone, or that another model has another memory of it. */
  refreshVideo(): void;
  /** Asks again what can be asked about the selected video: in another language, or after some of it was asked. */
  readSuggestions(): void;
  /** Lets a person show where the file of a video lies now. */
  relinkVideo(videoId: string): Promise<void>;
  /** Out of the library, with a way back. */
  removeVideo(videoId: string): Promise<void>;
  /** Takes what was kept of the last sessions. */
  restoreUsed(kept: unknown): void;
};

/** The engine is asked for a growing memory at most this often. */
const followEveryMs = 1000;
/** So many videos are remembered as used lately. */
const mostUsed = 200;

export const librarySlice: Slice<LibrarySlice> = ({ link, shell }) => (set, get) => {
  let followedAtMs = 0;
  let followed: string | undefined;

  /** A file that is found again is tried anew. */
  const takePresence = (videos: readonly VideoCard[]): void => {
    const isPresent = (cards: readonly VideoCard[]): boolean | undefined => cards.find(({ id }) => id === get().selectedVideoId)?.present;
    const found = isPresent(get().videos) === false && isPresent(videos) === true;
    set({ videos, ...(found ? { playerStage: 'unknown' as const } : {}) });
  };
  const listSuggestions = (videoId: string): Promise<MethodResult<'suggestions.list'>> =>
    link.request('suggestions.list', { videoId, language: shownLanguage(get().language, navigator.languages) });
  const refresh = async (videoId: string): Promise<void> => {
      let damage: unknown;
      const noteDamage = (error: unknown): void => {
        if (!isLongtakeError(error, 'memory-invalid')) throw error;
        damage = error;
      };
      const [video, info, asked] = await Promise.all([
        link.request('library.get', { videoId }), link.request('memory.info', { videoId }).catch(noteDamage), listSuggestions(videoId).catch(noteDamage),
    ]);
    const [memory, questions] = [info?.memory ?? undefined, asked?.questions ?? []];
    if (get().selectedVideoId !== videoId) return;
    const before = get();
    const isNews = before.videos.some((card) => card.id === videoId && card.present !== video.present);
    if (isNews) takePresence(before.videos.map((card) => card.id === videoId ? { ...card, present: video.present } : card));
    set({ video: keepEqual(before.video, video), memory: keepEqual(before.memory, memory), suggestions: keepEqual(before.suggestions, questions) });
    if (memory?.state === 'complete') void get().askWaiting();
    // A damaged memory is told, and is no reason not to show the video.
    if (damage !== undefined) throw damage;
  };
  /** Asked by nobody: what an engine that is away could not say, it says when it is back. */
  const quietly = (work: Promise<void>): void => {
    void work.catch((error: unknown) => { if (get().link === 'connected') void get().attempt(() => Promise.reject(error instanceof Error ? error : new Error(String(error)))); });
  };
  const refreshQuietly = (videoId: string): void => { quietly(refresh(videoId)); };

  return {
    videos: [],
    libraryBytes: 0,
    selectedVideoId: undefined,
    usedAtMs: {},
    video: undefined,
    memory: undefined,
    suggestions: [],
    takeLibrary({ videos, folders, byteLength }) {
      const before = get();
      const known = new Map(before.videos.map((video) => [video.id, video]));
      const kept = videos.map((video) => keepEqual(known.get(video.id), video));
      takePresence(kept);
      const here = new Set(kept.map(({ id }) => id));
      const marked = before.markedVideoIds.filter((videoId) => here.has(videoId));
      set({ libraryBytes: byteLength, loaded: true, folders: keepEqual(before.folders, folders), markedVideoIds: keepEqual(before.markedVideoIds, marked) });
      const selected = before.selectedVideoId;
      if (selected === undefined) return;
      if (kept.some(({ id }) => id === selected)) refreshQuietly(selected);
      // One that was added a moment ago is not in a list that was on its way meanwhile.
      else if (!before.loaded || known.has(selected)) get().selectVideo(undefined);
    },
    followEncode() {
      const { jobs, selectedVideoId } = get();
      const job = jobs.find(({ videoId, state }) => videoId === selectedVideoId && state === 'running');
      const progress = job === undefined ? undefined : `${job.id} ${job.doneSeconds}`;
      if (selectedVideoId === undefined || progress === undefined || progress === followed || Date.now() - followedAtMs < followEveryMs) return;
      followed = progress;
      followedAtMs = Date.now();
      refreshQuietly(selectedVideoId);
    },
    selectVideo(videoId) {
      get().openSurvey(undefined);
      if (videoId === get().selectedVideoId) return;
      set({ selectedVideoId: videoId, video: undefined, memory: undefined, suggestions: [] });
      get().resetPlayer();
      get().resetTimeline();
      get().openVideoConversations(videoId);
      get().openVideoChapters(videoId);
      get().rememberPlace();
      if (videoId === undefined) return;
      refreshQuietly(videoId);
      const used = { ...readTimes(get().settings?.interface['usedAtMs']), [videoId]: Date.now() };
      get().remember({ usedAtMs: Object.fromEntries(Object.entries(used).sort(([, one], [, other]) => other - one).slice(0, mostUsed)) });
    },
    async renameVideo(videoId, title) {
      set({ videos: get().videos.map((video) => video.id === videoId ? { ...video, title } : video) });
      await get().attempt(() => link.request('library.rename', { videoId, title }));
    },
    refreshVideo() {
      const { selectedVideoId } = get();
      if (selectedVideoId !== undefined) refreshQuietly(selectedVideoId);
    },
    readSuggestions() {
      const videoId = get().selectedVideoId;
      if (videoId === undefined) return;
      quietly(listSuggestions(videoId).then(({ questions }) => {
        if (get().selectedVideoId === videoId) set({ suggestions: keepEqual(get().suggestions, questions) });
      }));
    },
    async relinkVideo(videoId) {
      const video = get().videos.find(({ id }) => id === videoId);
      if (video === undefined) return;
      await get().attempt(async () => {
        const [path] = await shell.openFiles({ title: video.title, kind: 'videos' });
        if (path === undefined) return;
        await link.request('library.relink', { videoId, path });
        // What failed for want of its file the engine tries again; what was never begun is begun.
        if (!isAskable(video, encoderInUse(get())) && !get().jobs.some((job) => job.videoId === videoId)) await get().enqueue({ paths: [path], forecast: undefined });
        get().notify({ kind: 'done', textKey: 'library.relinked', values: { title: video.title, file: fileNameOf(path) } });
      });
    },
    async removeVideo(videoId) {
      const title = get().videos.find(({ id }) => id === videoId)?.title ?? '';
      const openConversationId = videoId === get().selectedVideoId ? get().conversationId : undefined;
      await get().attempt(async () => {
        await link.request('library.remove', { videoId });
        get().notify({ kind: 'undo', textKey: 'library.removed', values: { title }, undo: async () => {
          await link.request('library.restore', { videoId });
          get().selectVideo(videoId);
          // Not the one that was used last, as with a video that is opened otherwise: a person is to be back where they were.
          if (openConversationId !== undefined) get().openConversation(openConversationId);
        } });
      });
    },
    restoreUsed(kept) { set({ usedAtMs: readTimes(kept) }); },
  };
};

function readTimes(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
