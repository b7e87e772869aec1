import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { actionOf } from '../actions/table.ts';
import { menuFingerprint, menuOf } from '../actions/menu.ts';
import { useApp, useSurroundings } from '../store/use-app.ts';

/** Gives the shell its menu, and does what is chosen in it or opened with the app. */
export function useMenu(): void {
  const surroundings = useSurroundings();
  const { store, shell } = surroundings;
  const { t, i18n } = useTranslation();
  const encoding = useApp((state) => state.jobs.some((job) => job.state === 'running'));
  const shown = useApp(menuFingerprint);

  useEffect(() => { shell.setMenu(menuOf(store.getState(), t, shell.platform)); }, [shell, store, t, i18n.language, shown]);
  useEffect(() => shell.onAction((id) => { actionOf(id).perform(surroundings); }), [shell, surroundings]);
  useEffect(() => shell.onOpenFiles((paths) => { void store.getState().addPaths(paths); }), [shell, store]);
  useEffect(() => {
    shell.setBusy(encoding ? { title: t('app.quit.title'), detail: t('app.quit.detail'), quit: t('app.quit.quit'), stay: t('app.quit.stay') } : null);
  }, [shell, encoding, t, i18n.language]);
}
