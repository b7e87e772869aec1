import { useTranslation } from 'react-i18next';
import { useTimelineData } from '../timeline/use-timeline-data.ts';
import { useApp } from '../store/use-app.ts';
import { WaitingQuestion } from '../app/waiting-question.tsx';
import { Announcer } from './announcer.tsx';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { EmptyConversation } from './empty-conversation.tsx';
import { MessageList } from './message-list.tsx';
import styles from './conversation.module.css';

/** The conversation about the video. `width` undefined: all there is. */
export function Conversation({ width }: { readonly width: number | undefined }) {
  const { t } = useTranslation();
  // Pictures of moments need the times of the frames, in a narrow window without a timeline, too.
  useTimelineData();
  const conversationId = useApp((state) => state.conversationId);
  const empty = useApp((state) => state.messagesLoaded && state.messages.length === 0);
  const loaded = useApp((state) => state.messagesLoaded);
  return (
    <aside className={styles['conversation']} style={width === undefined ? { flex: 1 } : { width }} aria-label={t('chat.label')}>
      <ConversationHeader />
      {empty ? <EmptyConversation /> : loaded ? <MessageList key={conversationId} /> : <div className={styles['waiting']} aria-busy="true" />}
      <WaitingQuestion />
      <Composer />
      <Announcer />
    </aside>
  );
}
