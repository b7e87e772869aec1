import type { Slice } from './app-store.ts';

/**
 * Something to be said once, at the edge of the window. Errors stay until they are closed, or until what they say has passed.
 * `others`: names of what failed in the same way in the same go.
 */
export type Notice = { readonly id: string } & (
  | { readonly kind: 'error'; readonly text: string; readonly code?: string | undefined; readonly data?: Readonly<Record<string, unknown>> | undefined; readonly subject?: string | undefined; readonly others?: readonly string[]; readonly untilConnected?: boolean }
  | { readonly kind: 'done'; readonly textKey: string; readonly values?: Readonly<Record<string, string>> }
  | { readonly kind: 'undo'; readonly textKey: string; readonly values?: Readonly<Record<string, string>>; readonly undo: () => Promise<unknown> }
);
/** A notice without the id that it gets. */
export type NewNotice = Notice extends infer One ? One extends Notice ? Omit<One, 'id'> : never : never;

export type NoticeSlice = {
  readonly notices: readonly Notice[];
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

export const isError = (notice: Notice): boolean => notice.kind === 'error';

export const noticeSlice: Slice<NoticeSlice> = () => (set, get) => ({
  notices: [],
  notify(notice) {
    const id = crypto.randomUUID();
    // The same sentence twice says nothing more.
    const others = get().notices.filter((one) => one.kind !== 'error' || notice.kind !== 'error' || one.text !== notice.text || one.subject !== notice.subject);
    const all = [...others, { ...notice, id }];
    const kept = new Set([...all.filter(isError).slice(-mostErrors), ...all.filter((one) => !isError(one)).slice(-mostPassing)]);
    set({ notices: all.filter((one) => kept.has(one)) });
  },
  dismiss(noticeId) { set({ notices: get().notices.filter(({ id }) => id !== noticeId) }); },
  dismissErrors() { set({ notices: get().notices.filter((notice) => !isError(notice)) }); },
  dismissPassed() { set({ notices: get().notices.filter((notice) => notice.kind !== 'error' || notice.untilConnected !== true) }); },
});
