import { Settings } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { keysOf } from '../actions/action.ts';
import { actionOf } from '../actions/table.ts';
import { IconButton } from '../components/icon-button.tsx';
import { providerName } from '../format/provider-name.ts';
import { useModelTitle } from '../store/use-model-title.ts';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './rail-footer.module.css';

/** The model that answers, and the way to the settings. */
export function RailFooter() {
  const { t } = useTranslation();
  const { showDialog } = useActions();
  const title = useModelTitle();
  const name = useApp((state) => state.model?.name);
  const status = useApp((state) => state.model?.state);
  const provider = useApp((state) => state.model?.provider);
  const keys = useApp((state) => keysOf(actionOf('file.settings'), state.bindings));
  return (
    <footer className={styles['footer']}>
      <button type="button" className={styles['model']} data-failed={status === 'failed' ? '' : undefined} onClick={() => { showDialog({ kind: 'settings', page: 'models' }); }}>
        <span className="visually-hidden">{t('library.model')} </span>
        {name !== undefined && <>{title(name)}{provider !== undefined && <span className={styles['provider']}>{providerName(provider)}</span>}</>}
      </button>
      <IconButton label={t('settings.title')} keys={keys} onClick={() => { showDialog({ kind: 'settings', page: 'general' }); }}><Settings size={16} /></IconButton>
    </footer>
  );
}
