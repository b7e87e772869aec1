import type { Slice } from './app-store.ts';
import type { TimeRange } from './conversation-slice.ts';
import { shownSeconds } from './player-slice.ts';

export type TimelineSlice = {
  /** The part of the video that the timeline shows; undefined: all of it. */
  readonly view: TimeRange | undefined;
  /** The part that the next question is about. */
  readonly range: TimeRange | undefined;
  setView(view: TimeRange | undefined): void;
  setRange(range: TimeRange | undefined): void;
  /** Moves a zoomed view so that a moment is in it. */
  reveal(seconds: number): void;
  resetTimeline(): void;
};

export const timelineSlice: Slice<TimelineSlice> = () => (set, get) => ({
  view: undefined,
  range: undefined,
  setView(view) { set({ view }); },
  setRange(range) { set({ range }); },
  reveal(seconds) {
    const { view } = get();
    if (view === undefined || (seconds >= view.startSeconds && seconds <= view.endSeconds)) return;
    const length = view.endSeconds - view.startSeconds;
    const startSeconds = Math.max(0, Math.min(seconds - length / 2, shownSeconds(get()) - length));
    set({ view: { startSeconds, endSeconds: startSeconds + length } });
  },
  resetTimeline() { set({ view: undefined, range: undefined }); },
});
