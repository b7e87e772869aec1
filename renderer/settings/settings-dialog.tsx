import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogFrame } from '../components/dialog.tsx';
import type { Dialog } from '../store/dialog-slice.ts';
import { useActions } from '../store/use-app.ts';
import styles from './settings-dialog.module.css';

export type SettingsPage = Extract<Dialog, { kind: 'settings' }>['page'];

// Rarely opened, and the largest view: fetched when it is.
const SettingsPages = lazy(async () => ({ default: (await import('./settings-pages.tsx')).SettingsPages }));

/** All that can be set, a page a subject. It opens at the page that was asked for, and remembers nothing else. */
export function SettingsDialog({ page }: { readonly page: SettingsPage }) {
  const { t } = useTranslation();
  const { showDialog } = useActions();
  return (
    <DialogFrame width="wide" title={t('settings.title')} onClose={() => { showDialog(undefined); }}>
      <div className={styles['body']}><Suspense><SettingsPages page={page} /></Suspense></div>
    </DialogFrame>
  );
}
