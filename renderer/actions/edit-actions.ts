import type { Action } from './action.ts';

export const editActions: readonly Action[] = [
  {
    id: 'edit.undo', menu: 'edit', keys: 'Mod+Z', inDialogs: true, enabled: ({ undoables }) => undoables.length > 0,
    // In a text, the key is the text's. Who has typed nothing since means what was done last.
    whileTyping: ({ undoables }, typedAtMs) => (undoables.at(-1)?.doneAtMs ?? 0) > typedAtMs,
    perform: ({ store }) => store.getState().undoNewest(),
  },
];
