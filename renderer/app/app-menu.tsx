import { useMemo } from 'react';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { menuEntries } from '../actions/menu-entries.ts';
import { menuLayout } from '../actions/menu-layout.ts';
import { menuFingerprint, menuNames } from '../actions/menu.ts';
import { Menu, type MenuEntry } from '../components/menu.tsx';
import { useApp, useSurroundings } from '../store/use-app.ts';
import styles from './app-menu.module.css';

/** The application's menu where the system gives none: in a browser. Electron has its own, from the same table. */
export function AppMenu() {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const shown = useApp(menuFingerprint);
  const entries = useMemo(() => {
    return menuNames.flatMap((menu): MenuEntry[] => {
      const own = menuEntries(menuLayout[menu], t, surroundings);
      return own.length === 0 ? [] : [{ label: t(`app.menu.${menu}`), entries: own }];
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `shown` says when the store's part of it has changed
  }, [surroundings, t, shown]);
  if (surroundings.shell.kind === 'electron') return <span className={styles['name']}>Longtake</span>;
  return (
    <Menu entries={entries} align="start">
      <button type="button" className={styles['button']} aria-label={t('app.menu.label')}>Longtake<ChevronDown size={14} /></button>
    </Menu>
  );
}
