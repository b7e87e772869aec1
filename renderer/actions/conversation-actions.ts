import { unfinishedAnswer } from '../store/conversation-slice.ts';
import type { Action } from './action.ts';

export const conversationActions: readonly Action[] = [
  { id: 'conversation.new', menu: 'conversation', keys: 'Mod+Shift+N', enabled: ({ selectedVideoId }) => selectedVideoId !== undefined, perform: ({ store }) => store.getState().createConversation() },
  { id: 'conversation.stop', menu: 'conversation', keys: 'Mod+.', enabled: ({ messages }) => unfinishedAnswer(messages) !== undefined, perform: ({ store }) => store.getState().stopAnswer() },
  {
    id: 'conversation.remove', menu: 'conversation', enabled: ({ conversationId }) => conversationId !== undefined,
    perform({ store }) {
      const { conversationId, removeConversation } = store.getState();
      return conversationId === undefined ? undefined : removeConversation(conversationId);
    },
  },
];
