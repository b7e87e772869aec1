import { useEffect, useState } from 'react';
import { Film } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../store/use-app.ts';
import styles from './drop-target.module.css';

/** The whole window takes files. */
export function DropTarget() {
  const { t } = useTranslation();
  const { addFiles } = useActions();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const drag = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => { if (event.relatedTarget === null) setOver(false); };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      void addFiles([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [addFiles]);
  return over ? <div className={styles['target']}><p className={styles['words']}><Film size={20} />{t('library.dropHere')}</p></div> : null;
}
