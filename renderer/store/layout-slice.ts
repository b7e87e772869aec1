import type { Slice } from './app-store.ts';

/** Widths of the two side panes in CSS pixels, and the height of the timeline. */
export type PaneSizes = { readonly railWidth: number; readonly conversationWidth: number; readonly timelineHeight: number };
export const paneLimits: Readonly<Record<keyof PaneSizes, { readonly least: number; readonly most: number }>> = {
  railWidth: { least: 200, most: 400 },
  conversationWidth: { least: 320, most: 720 },
  timelineHeight: { least: 120, most: 360 },
};
/** Until a person moves a divider. The timeline has room for every lane: of a film with sound, subtitles and chapters none is missing. */
export const firstPaneSizes: PaneSizes = { railWidth: 260, conversationWidth: 420, timelineHeight: 216 };

export type LayoutSlice = PaneSizes & {
  readonly railCollapsed: boolean;
  /** Of a narrow window, where video and conversation share one place. */
  readonly tab: 'video' | 'conversation';
  /** During a drag; `settle` keeps it. */
  resize(pane: keyof PaneSizes, pixels: number): void;
  settle(): void;
  toggleRail(): void;
  showTab(tab: 'video' | 'conversation'): void;
  restoreLayout(kept: Readonly<Record<string, unknown>>): void;
};

export const layoutSlice: Slice<LayoutSlice> = () => (set, get) => ({
  ...firstPaneSizes,
  railCollapsed: false,
  tab: 'video',
  resize(pane, pixels) {
    const { least, most } = paneLimits[pane];
    set({ [pane]: Math.round(Math.max(least, Math.min(most, pixels))) });
  },
  settle() {
    const { railWidth, conversationWidth, timelineHeight } = get();
    get().remember({ railWidth, conversationWidth, timelineHeight });
  },
  toggleRail() {
    const railCollapsed = !get().railCollapsed;
    set({ railCollapsed });
    get().remember({ railCollapsed });
  },
  showTab(tab) {
    if (tab === get().tab) return;
    set({ tab });
    get().remember({ tab });
  },
  restoreLayout(kept) {
    for (const pane of ['railWidth', 'conversationWidth', 'timelineHeight'] as const) {
      if (typeof kept[pane] === 'number') get().resize(pane, kept[pane]);
    }
    if (kept['tab'] === 'video' || kept['tab'] === 'conversation') set({ tab: kept['tab'] });
    if (typeof kept['railCollapsed'] === 'boolean') set({ railCollapsed: kept['railCollapsed'] });
  },
});
