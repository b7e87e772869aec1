import { useEffect, useState } from 'react';
import { Film } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useActions, useSurroundings } from '../store/use-app.ts';
import { droppedFiles, pairSubtitles, type Dropped } from './dropped-files.ts';
import styles from './drop-target.module.css';

/** The whole window takes files. */
export function DropTarget() {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { addFiles, attempt, notify } = useActions();
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
      if (event.dataTransfer === null) return;
      // A desktop knows where a folder lies, and the engine looks into it.
      const dropped: Promise<readonly Dropped[]> = shell.kind === 'electron' ? Promise.resolve([...event.dataTransfer.files]) : droppedFiles(event.dataTransfer);
      void attempt(async () => {
        const all = await dropped;
        const { files, lone } = pairSubtitles(all.filter((one) => one instanceof File));
        const folders = all.flatMap((one) => one instanceof File ? [] : [one]);
        for (const { name } of lone) notify({ kind: 'error', text: t('library.loneSubtitles', { name }) });
        for (const { folder } of folders.filter((one) => one.files.length === 0)) notify({ kind: 'error', text: t('library.emptyFolder', { name: folder }), subject: folder });
        await addFiles(files);
        for (const { folder, files: inside } of folders) await addFiles(inside, folder);
      });
    };
    // What comes under the pointer is entered before the drag goes on over it. Files that are let go in between are lost unless both are answered.
    window.addEventListener('dragenter', drag);
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', drag);
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [addFiles, attempt, notify, shell, t]);
  return over ? <div role="status" className={styles['target']}><p className={styles['words']}><Film size={20} />{t('library.dropHere')}</p></div> : null;
}
