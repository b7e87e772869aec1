import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { PathField } from '../files/path-field.tsx';
import type { InspectionState } from './use-inspection.ts';
import styles from './models.module.css';

/** The folder of a checkpoint in Hugging Face's layout. */
export function FolderForm({ inspection: { busy, inspect, clear } }: { readonly inspection: InspectionState }) {
  const { t } = useTranslation();
  const [directory, setDirectory] = useState('');
  const given = directory.trim();
  return (
    <form className={styles['form']} onSubmit={(event) => { event.preventDefault(); if (given !== '') inspect({ kind: 'folder', directory: given }); }}>
      <PathField label={t('models.add.directory')} placeholder={t('models.add.directoryExample')} value={directory} onChange={(path) => { setDirectory(path); clear(); }} />
      <div className={styles['buttons']}><Button type="submit" disabled={busy || given === ''}>{t(busy ? 'models.add.looking' : 'models.add.look')}</Button></div>
    </form>
  );
}
