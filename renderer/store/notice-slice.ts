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
  /** The connection is there again: takes away what was said of its loss. */
  dismissPassed(): void;
};

/** More than these at once would cover what they are about. */
const mostNotices = 5;

export const noticeSlice: Slice<NoticeSlice> = () => (set, get) => ({
  notices: [],
  notify(notice) {
    const id = crypto.randomUUID();
    // The same sentence twice says nothing more.
    const others = get().notices.filter((one) => one.kind !== 'error' || notice.kind !== 'error' || one.text !== notice.text || one.subject !== notice.subject);
    set({ notices: [...others, { ...notice, id }].slice(-mostNotices) });
  },
  dismiss(noticeId) { set({ notices: get().notices.filter(({ id }) => id !== noticeId) }); },
  dismissPassed() { set({ notices: get().notices.filter((notice) => notice.kind !== 'error' || notice.untilConnected !== true) }); },
});
