import { DropdownMenu } from 'radix-ui';
import { Check, ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Backdrop, useOpening } from '../components/opening.tsx';
import { dateLocale } from '../i18n/languages.ts';
import { formatDay } from './format-day.ts';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './conversation-switcher.module.css';

/** The title of the open conversation; opens the list of all those about the video. */
export function ConversationSwitcher() {
  const { t, i18n } = useTranslation();
  const { openConversation } = useActions();
  const opening = useOpening<HTMLButtonElement>();
  const { root, trigger, container } = opening;
  const conversations = useApp((state) => state.conversations);
  const conversationId = useApp((state) => state.conversationId);
  const titleOf = (title: string | undefined): string => title === undefined || title === '' ? t('chat.untitled') : title;
  const title = titleOf(conversations.find(({ id }) => id === conversationId)?.title);
  if (conversations.length === 0 || (conversations.length === 1 && conversationId !== undefined)) return <h2 className={styles['title']} title={title}>{title}</h2>;
  return (
    <h2 className={styles['heading']}>
      <DropdownMenu.Root {...root}>
        <DropdownMenu.Trigger ref={trigger} className={styles['switcher']} aria-label={t('chat.switch', { title })} title={title}>
          <span className={styles['text']}>{title}</span><ChevronDown className={styles['arrow']} size={14} />
        </DropdownMenu.Trigger>
        <Backdrop of={opening} />
        <DropdownMenu.Portal container={container}>
          <DropdownMenu.Content className={styles['list']} align="start" sideOffset={4} collisionPadding={8}>
            <DropdownMenu.RadioGroup value={conversationId ?? ''} onValueChange={(id) => { openConversation(id); }}>
              {conversations.map((conversation) => (
                <DropdownMenu.RadioItem key={conversation.id} className={styles['entry']} value={conversation.id} textValue={titleOf(conversation.title)}>
                  <span className={styles['check']}><DropdownMenu.ItemIndicator asChild><Check size={14} /></DropdownMenu.ItemIndicator></span>
                  <span className={styles['text']}>{titleOf(conversation.title)}</span>
                  <time className={styles['date']} dateTime={new Date(conversation.updatedAtMs).toISOString()}>{formatDay(conversation.updatedAtMs, Date.now(), dateLocale(i18n.language, navigator.languages))}</time>
                </DropdownMenu.RadioItem>
              ))}
            </DropdownMenu.RadioGroup>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </h2>
  );
}
