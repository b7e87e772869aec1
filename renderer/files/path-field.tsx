import { FolderOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { TextField } from '../components/text-field.tsx';
import { useActions, useSurroundings } from '../store/use-app.ts';
import styles from './path-field.module.css';

/** A folder of the engine's machine: typed, pasted, or chosen in the shell's dialog. */
export function PathField({ value, label, placeholder, invalid = false, focused = false, onChange }: {
  readonly value: string; readonly label: string; readonly placeholder?: string; readonly invalid?: boolean;
  /** Takes the focus when it appears. */
  readonly focused?: boolean; readonly onChange: (path: string) => void;
}) {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { attempt } = useActions();
  const choose = (): void => {
    void attempt(async () => {
      const [path] = await shell.openFiles({ title: label, kind: 'folder' });
      if (path !== undefined) onChange(path);
    });
  };
  return (
    <div className={styles['line']}>
      <TextField className={styles['field']} value={value} label={label} placeholder={placeholder} aria-invalid={invalid} autoFocus={focused} maxLength={4000} onChange={onChange} />
      <Button icon={<FolderOpen size={16} />} onClick={choose}>{t('settings.chooseFolder')}</Button>
    </div>
  );
}
