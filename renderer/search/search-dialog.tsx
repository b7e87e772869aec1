import { useTranslation } from 'react-i18next';
import { DialogFrame } from '../components/dialog.tsx';
import { useActions } from '../store/use-app.ts';

/** Full text over videos, conversations and messages. */
export function SearchDialog() {
  const { t } = useTranslation();
  const { showDialog } = useActions();
  return <DialogFrame bare title={t('search.title')} onClose={() => { showDialog(undefined); }}>…</DialogFrame>;
}
