import { useState, type KeyboardEvent } from 'react';
import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { keysOf, labelKey, type Action } from '../actions/action.ts';
import { menuNames } from '../actions/menu.ts';
import { actions } from '../actions/table.ts';
import { Button } from '../components/button.tsx';
import { Hint } from '../components/section.tsx';
import { TextField } from '../components/text-field.tsx';
import { describeKeys } from '../format/keys.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { filterActions } from './rebinding.ts';
import { ShortcutRow } from './shortcut-row.tsx';
import styles from './shortcuts-page.module.css';

/** Every action with its keys, which can be others. Arrows walk the list. */
export function ShortcutsPage() {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { resetBindings } = useActions();
  const bindings = useApp((state) => state.bindings);
  const [filter, setFilter] = useState('');
  const [recording, setRecording] = useState<string>();
  const textOf = (action: Action): string => {
    const keys = keysOf(action, bindings);
    return `${t(labelKey(action))} ${t(`app.menu.${action.menu}`)} ${keys === undefined ? '' : describeKeys(keys, shell.platform === 'darwin')}`;
  };
  const found = filterActions(actions, filter, textOf);
  return (
    <div onKeyDown={walkRows}>
      <div className={styles['tools']}>
        <TextField className={styles['filter']} type="search" label={t('settings.shortcuts.search')} placeholder={t('settings.shortcuts.search')} icon={<Search size={14} />} value={filter} onChange={setFilter} />
        <Button disabled={Object.keys(bindings).length === 0} onClick={resetBindings}>{t('settings.shortcuts.resetAll')}</Button>
      </div>
      {found.length === 0 && <p className={styles['nothing']} role="status">{t('settings.shortcuts.nothing', { filter })}</p>}
      {menuNames.map((menu) => {
        const own = found.filter((action) => action.menu === menu);
        return own.length === 0 ? null : (
          <section key={menu} className={styles['group']} aria-label={t(`app.menu.${menu}`)}>
            <h3 className={styles['title']}>{t(`app.menu.${menu}`)}</h3>
            <ul>{own.map((action) => <ShortcutRow key={action.id} action={action} recording={recording === action.id} onRecord={setRecording} />)}</ul>
          </section>
        );
      })}
      {filter === '' && <div className={styles['group']}><Hint>{t('settings.shortcuts.hint')}</Hint></div>}
    </div>
  );
}

/** From one row's keys to those of the next. */
function walkRows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.defaultPrevented) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('input, [data-shortcut]')];
  const place = rows.findIndex((row) => row === event.target || row.closest('li')?.contains(event.target as Node) === true);
  const next = place < 0 ? undefined : rows[place + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
