import { isLongtakeError } from '../../engine/protocol/errors.ts';
import type { MethodResult } from '../../engine/protocol/methods.ts';
import type { TimeRange } from '../geometry/range.ts';
import { fitView, panView, wholeView, zoomView } from '../geometry/view.ts';
import type { AppState, Slice } from './app-store.ts';
import type { VideoDetails } from './library-slice.ts';
import { encoderInUse } from './models-slice.ts';
import { shownSeconds } from './player-slice.ts';
import { pictured } from './video-state.ts';

export type SubtitleTrack = MethodResult<'video.subtitles'>['tracks'][number];
/** Loudness of the sound: one value of 0 to 255 for every `binSeconds`. */
export type Waveform = { readonly binSeconds: number; readonly values: Uint8Array };
/** When the frames in memory were on screen, ascending. Frame n is `thumbnail/<memoryId>/<n>`. */
export type FrameTimes = { readonly memoryId: string; readonly ptsSeconds: readonly number[] };

/** The memory of the selected video whose pictures are shown. */
export function picturedMemory({ video, models }: Pick<AppState, 'video' | 'models'>): VideoDetails['memories'][number] | undefined {
  return video === undefined ? undefined : pictured(video.memories, encoderInUse({ models }));
}

export type TimelineSlice = {
  /** The part of the video that the timeline shows; undefined: all of it. */
  readonly view: TimeRange | undefined;
  /** The part that the next questions of the open conversation are about. The composer shows it, and takes it away. */
  readonly range: TimeRange | undefined;
  /** Of the memory whose pictures are shown, as far as they were asked for; they grow with an encode. */
  readonly frameTimes: FrameTimes | undefined;
  readonly subtitleTracks: readonly SubtitleTrack[];
  readonly waveform: Waveform | undefined;
  setView(view: TimeRange | undefined): void;
  /** Shows `1 / factor` of what is shown; without a moment that stays in its place, the playhead or the middle does. */
  zoom(factor: number, anchorSeconds?: number): void;
  /** By a share of what is shown. */
  pan(share: number): void;
  setRange(range: TimeRange | undefined): void;
  /** Moves a zoomed view so that a moment is in it. */
  reveal(seconds: number): void;
  /** Fetches the frame times of the memory whose pictures are shown, where there are newer ones. */
  followMemory(): Promise<void>;
  /** Fetches what is said and how loud it is, once for a video and once more when its file was found again. */
  followFile(): Promise<void>;
  resetTimeline(): void;
};

export const timelineSlice: Slice<TimelineSlice> = ({ link }) => (set, get) => {
  let following: Promise<void> | undefined;
  /** What subtitles and waveform were asked of. */
  let fileOf: string | undefined;
  let listening = new AbortController();

  const follow = async (): Promise<void> => {
    for (;;) {
      const { frameTimes } = get();
      const memory = picturedMemory(get());
      if (memory === undefined) return;
      const memoryId = memory.id;
      const isCurrent = (): boolean => picturedMemory(get())?.id === memoryId;
      if (frameTimes?.memoryId === memoryId && frameTimes.ptsSeconds.length >= memory.frameCount) return;
      const { ptsSeconds } = await link.request('memory.frames', { memoryId });
      if (!isCurrent()) continue;
      set({ frameTimes: { memoryId, ptsSeconds } });
      // A card can be ahead of what is readable: the next change of it asks again.
      if ((picturedMemory(get())?.frameCount ?? 0) <= memory.frameCount) return;
    }
  };

  return {
    view: undefined,
    range: undefined,
    frameTimes: undefined,
    subtitleTracks: [],
    waveform: undefined,
    setView(view) { set({ view: view === undefined ? undefined : fitView(view, shownSeconds(get())) }); },
    zoom(factor, anchorSeconds) {
      const seconds = shownSeconds(get());
      const view = get().view ?? wholeView(seconds);
      const { currentSeconds } = get();
      const inView = currentSeconds >= view.startSeconds && currentSeconds <= view.endSeconds;
      set({ view: zoomView(view, seconds, factor, anchorSeconds ?? (inView ? currentSeconds : (view.startSeconds + view.endSeconds) / 2)) });
    },
    pan(share) {
      const { view } = get();
      if (view !== undefined) set({ view: panView(view, shownSeconds(get()), share * (view.endSeconds - view.startSeconds)) });
    },
    setRange(range) { set({ range }); },
    reveal(seconds) {
      const { view } = get();
      if (view === undefined || (seconds >= view.startSeconds && seconds <= view.endSeconds)) return;
      const half = (view.endSeconds - view.startSeconds) / 2;
      set({ view: fitView({ startSeconds: seconds - half, endSeconds: seconds + half }, shownSeconds(get())) });
    },
    followMemory() {
      following ??= get().attempt(follow).then(() => { following = undefined; });
      return following;
    },
    async followFile() {
      const { video } = get();
      const key = video === undefined ? undefined : `${video.id} ${video.present}`;
      if (video === undefined || key === fileOf) return;
      fileOf = key;
      const { signal } = listening;
      const isCurrent = (): boolean => !signal.aborted && fileOf === key;
      // Nobody has asked: without them the lanes stay empty, and an engine that comes back is asked again.
      const quietly = (error: unknown): void => { if (isCurrent() && isLongtakeError(error, 'internal')) fileOf = undefined; };
      const subtitles = link.request('video.subtitles', { videoId: video.id }, { signal }).then(({ tracks }) => { if (isCurrent()) set({ subtitleTracks: tracks }); }, quietly);
      const hasSound = video.present && (video.file?.audioCodecs.length ?? 0) > 0;
      const sound = !hasSound ? undefined : link.request('waveform.get', { videoId: video.id }, { signal })
        .then(({ waveform }) => { if (isCurrent() && waveform !== null) set({ waveform: { binSeconds: 1 / waveform.bucketsPerSecond, values: bytesOf(waveform.peaksBase64) } }); }, quietly);
      await Promise.all([subtitles, sound]);
    },
    resetTimeline() {
      fileOf = undefined;
      listening.abort();
      listening = new AbortController();
      set({ view: undefined, range: undefined, frameTimes: undefined, subtitleTracks: [], waveform: undefined });
    },
  };
};

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
