import { useTranslation } from 'react-i18next';
import { useApp } from '../store/use-app.ts';
import { useModelTitle } from '../store/use-model-title.ts';
import styles from './chapters.module.css';

/** Whose chapters these are, or how there come to be any. */
export function Origin() {
  const { t } = useTranslation();
  const modelTitle = useModelTitle();
  const source = useApp((state) => state.chapters?.source);
  const model = useApp((state) => state.chapters?.model ?? '');
  const untold = useApp((state) => state.chapters?.source === 'made' && state.chapters.chapters.every(({ title, text }) => title === '' && text === ''));
  const hasJob = useApp((state) => (state.chapters?.job ?? null) !== null);
  const isWhole = useApp((state) => state.memory?.state === 'complete');
  if (source === undefined || source === 'unfinished' || (source === 'none' && hasJob)) return null;
  const words = source === 'file' ? t('chapters.ofFile')
    : source === 'made' ? untold ? t('chapters.untold') : t('chapters.madeBy', { model: modelTitle(model) })
      : t(isWhole ? 'chapters.none' : 'chapters.noMemory');
  return <p className={styles['origin']}>{words}</p>;
}
