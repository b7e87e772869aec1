import { FolderInput, MessagesSquare, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { keysOf, labelKey } from '../actions/action.ts';
import { actionOf } from '../actions/table.ts';
import { IconButton } from '../components/icon-button.tsx';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import styles from './marked-bar.module.css';

/** How many videos are chosen together, and what can be done with them. Its words are said to a screen reader as they change. */
export function MarkedBar() {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const { markVideos } = useActions();
  const count = useApp((state) => state.markedVideoIds.length);
  const bindings = useApp((state) => state.bindings);
  const actions = [['conversation.askSeveral', MessagesSquare], ['file.moveToFolder', FolderInput]] as const;
  return (
    <div className={styles['bar']} data-empty={count === 0 ? '' : undefined}>
      <span role="status" className={styles['words']}>{count > 0 && t('library.folder.marked', { count })}</span>
      {count > 0 && actions.map(([id, Icon]) => {
        const action = actionOf(id);
        return <IconButton key={id} small label={t(labelKey(action))} keys={keysOf(action, bindings)} onClick={() => { action.perform(surroundings); }}><Icon size={16} /></IconButton>;
      })}
      {count > 0 && <IconButton small label={t('library.folder.unmark')} onClick={() => { markVideos([]); }}><X size={16} /></IconButton>}
    </div>
  );
}
