import { useTranslation } from 'react-i18next';
import { DialogFrame } from '../components/dialog.tsx';
import type { Dialog } from '../store/dialog-slice.ts';
import { useActions } from '../store/use-app.ts';

export type SettingsPage = Extract<Dialog, { kind: 'settings' }>['page'];

export function SettingsDialog({ page }: { readonly page: SettingsPage }) {
  const { t } = useTranslation();
  const { showDialog } = useActions();
  return <DialogFrame width="wide" title={t('settings.title')} onClose={() => { showDialog(undefined); }}>{page}</DialogFrame>;
}
