import i18next from 'i18next';
import type { AppState } from '../store/app-store.ts';
import { unfinishedAnswer, type ExportFormat } from '../store/conversation-slice.ts';
import type { SurveyChoice } from '../store/survey-slice.ts';
import type { Action } from './action.ts';
import { showConversation } from './show-conversation.ts';

const isOpen = ({ conversationId }: AppState): boolean => conversationId !== undefined;
const hasMessages = ({ messages }: AppState): boolean => messages.length > 0;
const lastAnswerId = ({ messages }: AppState): string | undefined => messages.at(-1)?.answer === undefined || unfinishedAnswer(messages) !== undefined ? undefined : messages.at(-1)?.id;
const exportAs = (id: string, format: ExportFormat): Action => ({
  id, menu: 'conversation', enabled: hasMessages,
  perform: ({ store }) => store.getState().exportConversation(format, i18next.t('chat.exportTitle')),
});

/** What a person who asks several videos has in view: those that were chosen, or the folder of the one that is open. */
function choiceOf({ markedVideoIds, videos, selectedVideoId }: AppState): SurveyChoice {
  if (markedVideoIds.length > 0) return { kind: 'videos', videoIds: markedVideoIds };
  const folderId = videos.find(({ id }) => id === selectedVideoId)?.folderId ?? null;
  return folderId === null ? { kind: 'all' } : { kind: 'folder', folderId };
}

export const conversationActions: readonly Action[] = [
  {
    id: 'conversation.new', menu: 'conversation', keys: 'Mod+Shift+N', enabled: ({ selectedVideoId }) => selectedVideoId !== undefined,
    perform({ store }) {
      store.getState().createConversation();
      showConversation(store.getState());
    },
  },
  {
    id: 'conversation.askSeveral', menu: 'conversation', keys: 'Mod+Shift+A', enabled: ({ videos }) => videos.length > 0,
    perform: ({ store }) => { store.getState().openSurvey({ kind: 'new', choice: choiceOf(store.getState()) }); },
  },
  { id: 'conversation.rename', menu: 'conversation', enabled: isOpen, perform({ store }) { store.getState().openSurvey(undefined); store.getState().showTab('conversation'); store.getState().setRenaming(true); } },
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
