import type { Slice } from './app-store.ts';

/**
 * Something to be said once, at the edge of the window. Errors stay until they are closed, or until what they say has passed.
 * `others`: names of what failed in the same way in the same go.
 */
export type Notice = { readonly id: string } & (
  | { readonly kind: 'error'; readonly text: string; readonly code?: string | undefined; readonly data?: Readonly<Record<string, unknown>> | undefined; readonly subject?: string | undefined; readonly others?: readonly string[]; readonly untilConnected?: boolean }
  /** `undone`: what the text says is so no more. */
  | { readonly kind: 'done'; readonly textKey: string; readonly values?: Readonly<Record<string, string>>; readonly undone?: true }
  | { readonly kind: 'undo'; readonly textKey: string; readonly values?: Readonly<Record<string, string>>; readonly undo: () => Promise<unknown> }
);
/** A notice without the id that it gets. */
export type NewNotice = Notice extends infer One ? One extends Notice ? Omit<One, 'id'> : never : never;

/** What was done and can be taken back. `doneAtMs`: as `performance.now()` has it. */
export type Undoable = { readonly notice: Extract<Notice, { kind: 'undo' }>; readonly doneAtMs: number };

export type NoticeSlice = {
  readonly notices: readonly Notice[];
  /** Newest last: what notices offered to undo, those that have gone among them. */
  readonly undoables: readonly Undoable[];
  /** Takes back what was done last. Where its notice has gone, another one says what. */
  undoNewest(): Promise<void>;
  /** What was to be taken back cannot be any more: its engine has ended, or what it needs was deleted for good. */
  forgetUndoables(): void;
  /** What `undo` throws is told. */
  notify(notice: NewNotice): void;
  dismiss(noticeId: string): void;
  dismissErrors(): void;
  /** The connection is there again: takes away what was said of its loss. */
  dismissPassed(): void;
};

/** So many errors are kept: the page shows the newest, and the others on request. */
const mostErrors = 50;
/** What goes by itself covers, while it is there, what it is about. */
const mostPassing = 5;
/** Nobody remembers what was before these. */
const mostUndoables = 50;

export const isError = (notice: Notice): boolean => notice.kind === 'error';

export const noticeSlice: Slice<NoticeSlice> = () => (set, get) => ({
  notices: [],
  undoables: [],
  notify(notice) {
    const id = crypto.randomUUID();
    // The same sentence twice says nothing more.
    const others = get().notices.filter((one) => one.kind !== 'error' || notice.kind !== 'error' || one.text !== notice.text || one.subject !== notice.subject);
    const show = (shown: Notice): void => {
      const all = [...others, shown];
      const kept = new Set([...all.filter(isError).slice(-mostErrors), ...all.filter((one) => !isError(one)).slice(-mostPassing)]);
      set({ notices: all.filter((one) => kept.has(one)) });
    };
    if (notice.kind !== 'undo') { show({ ...notice, id }); return; }
    const undo = async (): Promise<true | undefined> => {
      set({ undoables: get().undoables.filter((one) => one.notice.id !== id) });
      return await get().attempt(async () => { await notice.undo(); return true as const; });
    };
    const offered = { ...notice, id, undo };
    show(offered);
    set({ undoables: [...get().undoables, { notice: offered, doneAtMs: performance.now() }].slice(-mostUndoables) });
  },
  async undoNewest() {
    const newest = get().undoables.at(-1)?.notice;
    if (newest === undefined) return;
    const isShown = get().notices.some(({ id }) => id === newest.id);
    get().dismiss(newest.id);
    const isUndone = await newest.undo();
    if (isUndone === true && !isShown) get().notify({ kind: 'done', textKey: newest.textKey, ...(newest.values !== undefined && { values: newest.values }), undone: true });
  },
  forgetUndoables() { set({ undoables: [] }); },
  dismiss(noticeId) { set({ notices: get().notices.filter(({ id }) => id !== noticeId) }); },
  dismissErrors() { set({ notices: get().notices.filter((notice) => !isError(notice)) }); },
  dismissPassed() { set({ notices: get().notices.filter((notice) => notice.kind !== 'error' || notice.untilConnected !== true) }); },
});
