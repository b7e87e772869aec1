import type { conversationMethods } from '../protocol/methods-conversations.ts';
import type { MethodHandlers } from '../protocol/methods.ts';
import { retitleWith, retitleWithout } from './automatic-title.ts';
import { exportConversation } from './conversation-export.ts';
import { readLookedAt, viewMessages } from './message-view.ts';
import type { Workspace } from './workspace.ts';

export function createConversationHandlers({ library, changes, answers }: Workspace): MethodHandlers<keyof typeof conversationMethods> {
  const conversationChanged = (videoId: string): void => { changes.emit({ topic: 'conversations', videoId }); };
  const messagesChanged = (conversationId: string): void => { changes.emit({ topic: 'conversation', conversationId }); };
  return {
    'conversations.list': ({ videoId, removed }) => {
      library.videos.get(videoId);
      return { conversations: library.conversations.list({ videoId, removed }) };
    },
    'conversations.create': ({ videoId, title }) => {
      const conversation = library.conversations.create({ videoId, title });
      conversationChanged(videoId);
      return conversation;
    },
    'conversations.rename': ({ conversationId, title }) => {
      const conversation = library.conversations.rename(conversationId, title);
      conversationChanged(conversation.videoId);
      return conversation;
    },
    'conversations.remove': ({ conversationId }) => {
      library.conversations.remove(conversationId);
      conversationChanged(library.conversations.get(conversationId).videoId);
      return {};
    },
    'conversations.restore': ({ conversationId }) => {
      const conversation = library.conversations.restore(conversationId);
      conversationChanged(conversation.videoId);
      return conversation;
    },
    'conversations.export': ({ conversationId, format }) => {
      const conversation = library.conversations.get(conversationId);
      return exportConversation({
        title: conversation.title, videoTitle: library.videos.get(conversation.videoId).title, messages: viewMessages(library, answers, conversationId),
      }, format);
    },
    'messages.list': ({ conversationId }) => ({ messages: viewMessages(library, answers, conversationId) }),
    'messages.ask': ({ conversationId, question, range }) => answers.ask(conversationId, question, range),
    'messages.regenerate': ({ answerId }) => answers.regenerate(answerId),
    'messages.edit': ({ questionId, question, range }) => answers.edit(questionId, question, range),
    'messages.stop': ({ answerId }) => {
      answers.stop(answerId);
      return {};
    },
    'messages.select': ({ messageId }) => {
      messagesChanged(library.messages.select(messageId).conversationId);
      return {};
    },
    'messages.remove': ({ messageId }) => {
      library.messages.remove(messageId);
      const message = library.messages.get(messageId);
      if (retitleWithout(library, message)) conversationChanged(library.conversations.get(message.conversationId).videoId);
      messagesChanged(message.conversationId);
      return {};
    },
    'messages.restore': ({ messageId }) => {
      const message = library.messages.restore(messageId);
      if (retitleWith(library, message)) conversationChanged(library.conversations.get(message.conversationId).videoId);
      messagesChanged(message.conversationId);
      return {};
    },
    'messages.lookedAt': ({ answerId }) => ({ lookedAt: readLookedAt(library, answerId) }),
  };
}
