import { useTranslation } from 'react-i18next';
import { DialogFrame } from '../components/dialog.tsx';
import { useActions } from '../store/use-app.ts';

/** Every action, by a few letters of its name. */
export function Palette() {
  const { t } = useTranslation();
  const { showDialog } = useActions();
  return <DialogFrame bare title={t('search.palette')} onClose={() => { showDialog(undefined); }}>…</DialogFrame>;
}
