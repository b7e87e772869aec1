import i18next from 'i18next';
import type { AppState } from '../store/app-store.ts';
import { unfinishedAnswer, type ExportFormat } from '../store/conversation-slice.ts';
import type { Action } from './action.ts';
import { focusComposer } from './focus-composer.ts';

const isOpen = ({ conversationId }: AppState): boolean => conversationId !== undefined;
const hasMessages = ({ messages }: AppState): boolean => messages.length > 0;
const lastAnswerId = ({ messages }: AppState): string | undefined => messages.at(-1)?.answer === undefined || unfinishedAnswer(messages) !== undefined ? undefined : messages.at(-1)?.id;
const exportAs = (id: string, format: ExportFormat): Action => ({
  id, menu: 'conversation', enabled: hasMessages,
  perform: ({ store }) => store.getState().exportConversation(format, i18next.t('chat.exportTitle')),
});

export const conversationActions: readonly Action[] = [
  {
    id: 'conversation.new', menu: 'conversation', keys: 'Mod+Shift+N', enabled: ({ selectedVideoId }) => selectedVideoId !== undefined,
    perform({ store }) {
      store.getState().showTab('conversation');
      store.getState().createConversation();
      focusComposer();
    },
  },
  { id: 'conversation.rename', menu: 'conversation', enabled: isOpen, perform({ store }) { store.getState().showTab('conversation'); store.getState().setRenaming(true); } },
  { id: 'conversation.stop', menu: 'conversation', keys: 'Mod+.', enabled: ({ messages }) => unfinishedAnswer(messages) !== undefined, perform: ({ store }) => store.getState().stopAnswer() },
  {
    id: 'conversation.regenerate', menu: 'conversation', enabled: (state) => lastAnswerId(state) !== undefined,
    perform({ store }) {
      const answerId = lastAnswerId(store.getState());
      return answerId === undefined ? undefined : store.getState().regenerate(answerId);
    },
  },
  exportAs('conversation.exportMarkdown', 'markdown'),
  exportAs('conversation.exportHtml', 'html'),
  exportAs('conversation.exportJson', 'json'),
  {
    id: 'conversation.remove', menu: 'conversation', enabled: isOpen,
    perform({ store }) {
      const { conversationId, removeConversation } = store.getState();
      return conversationId === undefined ? undefined : removeConversation(conversationId);
    },
  },
];
