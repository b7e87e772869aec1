import { useDeferredValue, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../store/use-app.ts';
import { useTimelineData } from '../store/use-timeline-data.ts';
import { Announcer } from './announcer.tsx';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { EmptyConversation } from './empty-conversation.tsx';
import { MessageList } from './message-list.tsx';
import { WaitingQuestion } from './waiting-question.tsx';
import styles from './conversation.module.css';

/** The conversation about the video: a pane beside it, or, in a narrow window, a part of its place. */
export function Conversation({ beside }: { readonly beside?: { /** As CSS has it. */ readonly width: string; readonly divider: ReactNode } }) {
  const { t } = useTranslation();
  // Pictures of moments need the times of the frames, in a narrow window without a timeline, too.
  useTimelineData();
  const conversationId = useApp((state) => state.conversationId);
  const empty = useApp((state) => state.messagesLoaded && state.messages.length === 0);
  const loaded = useApp((state) => state.messagesLoaded);
  // Where hundreds of messages arrive, everything else is there first.
  const ready = useDeferredValue(loaded) && loaded;
  const Landmark = beside === undefined ? 'section' : 'aside';
  return (
    <Landmark className={styles['conversation']} style={beside === undefined ? { flex: 1 } : { width: beside.width }} aria-label={t('chat.label')}>
      <ConversationHeader />
      {empty ? <EmptyConversation /> : ready ? <MessageList key={conversationId} /> : <div className={styles['waiting']} aria-busy="true" />}
      <WaitingQuestion />
      <Composer />
      <Announcer />
      {beside?.divider}
    </Landmark>
  );
}
