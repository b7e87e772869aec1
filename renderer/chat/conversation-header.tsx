import { Download, MoreHorizontal, Pencil, SquarePen, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { keysOf, labelKey, type Action } from '../actions/action.ts';
import { actionOf } from '../actions/table.ts';
import { EditText } from '../components/edit-text.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { Menu, type MenuEntry } from '../components/menu.tsx';
import { canCreate } from '../store/conversation-slice.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { ConversationSwitcher } from './conversation-switcher.tsx';
import styles from './conversation-header.module.css';

const exports = ['conversation.exportMarkdown', 'conversation.exportHtml', 'conversation.exportJson'] as const;

/** Which conversation this is, and what can be done with it. */
export function ConversationHeader() {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const { setRenaming, renameConversation } = useActions();
  const bindings = useApp((state) => state.bindings);
  const conversationId = useApp((state) => state.conversationId);
  const title = useApp((state) => state.conversations.find(({ id }) => id === state.conversationId)?.title ?? '');
  const renaming = useApp((state) => state.renaming);
  const useless = useApp((state) => !canCreate(state));
  const empty = useApp((state) => state.messages.length === 0);

  const perform = (action: Action): void => { action.perform(surroundings); };
  const entry = (id: string, icon: MenuEntry extends infer One ? One extends { icon?: infer Icon } ? Icon : never : never, disabled: boolean): MenuEntry => {
    const action = actionOf(id);
    return { label: t(labelKey(action)), icon, disabled, keys: keysOf(action, bindings), danger: id === 'conversation.remove', perform: () => { perform(action); } };
  };
  const create = actionOf('conversation.new');
  const shown = conversationId !== undefined;

  return (
    <header className={styles['header']}>
      {renaming && shown
        ? <EditText value={title} label={t('chat.rename')} onDone={(changed) => { setRenaming(false); if (changed !== undefined) void renameConversation(conversationId, changed); }} />
        : <ConversationSwitcher />}
      <span className={styles['actions']}>
        <IconButton label={t(labelKey(create))} keys={keysOf(create, bindings)} disabled={useless} onClick={() => { perform(create); }}><SquarePen size={16} /></IconButton>
        <Menu entries={[
          entry('conversation.rename', <Pencil size={14} />, !shown), 'separator',
          ...exports.map((id) => entry(id, <Download size={14} />, empty)), 'separator',
          entry('conversation.remove', <Trash2 size={14} />, !shown),
        ]}>
          <IconButton label={t('chat.more')} disabled={!shown}><MoreHorizontal size={16} /></IconButton>
        </Menu>
      </span>
    </header>
  );
}
