import type { MethodResult } from '../../engine/protocol/methods.ts';
import { fitView, panView, wholeView, zoomView } from '../timeline/geometry.ts';
import type { Slice } from './app-store.ts';
import type { TimeRange } from './conversation-slice.ts';
import { shownSeconds } from './player-slice.ts';

export type SubtitleTrack = MethodResult<'memory.subtitles'>['tracks'][number];
/** When the frames in memory were on screen, ascending. Frame n is `thumbnail/<memoryId>/<n>`. */
export type FrameTimes = { readonly memoryId: string; readonly ptsSeconds: readonly number[] };

export type TimelineSlice = {
  /** The part of the video that the timeline shows; undefined: all of it. */
  readonly view: TimeRange | undefined;
  /** The part that the next question is about. */
  readonly range: TimeRange | undefined;
  /** Of the memory that is shown, as far as they were asked for; they grow with an encode. */
  readonly frameTimes: FrameTimes | undefined;
  readonly subtitleTracks: readonly SubtitleTrack[];
  setView(view: TimeRange | undefined): void;
  /** Shows `1 / factor` of what is shown; without a moment that stays in its place, the playhead or the middle does. */
  zoom(factor: number, anchorSeconds?: number): void;
  /** By a share of what is shown. */
  pan(share: number): void;
  setRange(range: TimeRange | undefined): void;
  /** Moves a zoomed view so that a moment is in it. */
  reveal(seconds: number): void;
  /** Fetches frame times and subtitles of the memory that is shown, where there are newer ones. */
  followMemory(): Promise<void>;
  resetTimeline(): void;
};

export const timelineSlice: Slice<TimelineSlice> = ({ link }) => (set, get) => {
  let following: Promise<void> | undefined;
  /** The memory whose subtitles are shown or on their way. */
  let subtitlesOf: string | undefined;

  const follow = async (): Promise<void> => {
    for (;;) {
      const { memory, frameTimes } = get();
      if (memory === undefined) return;
      const memoryId = memory.id;
      const isCurrent = (): boolean => get().memory?.id === memoryId;
      if (subtitlesOf !== memoryId && memory.subtitleTracks > 0) {
        subtitlesOf = memoryId;
        const { tracks } = await link.request('memory.subtitles', { memoryId });
        if (isCurrent()) set({ subtitleTracks: tracks });
      }
      if (frameTimes?.memoryId === memoryId && frameTimes.ptsSeconds.length >= memory.frameCount) return;
      const { ptsSeconds } = await link.request('memory.frames', { memoryId });
      if (!isCurrent()) continue;
      set({ frameTimes: { memoryId, ptsSeconds } });
      // A card can be ahead of what is readable: the next change of it asks again.
      if ((get().memory?.frameCount ?? 0) <= memory.frameCount) return;
    }
  };

  return {
    view: undefined,
    range: undefined,
    frameTimes: undefined,
    subtitleTracks: [],
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
    resetTimeline() {
      subtitlesOf = undefined;
      set({ view: undefined, range: undefined, frameTimes: undefined, subtitleTracks: [] });
    },
  };
};
