import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import { videosOfOtherEncoders } from './encoder-change.ts';
import styles from './models.module.css';

/** Says which videos the model in use cannot answer about yet, because another one has watched them. */
export function OtherEncoders({ encoder }: { readonly encoder: string }) {
  const { t } = useTranslation();
  const { addPaths } = useActions();
  const videos = useApp((state) => state.videos);
  const others = videosOfOtherEncoders(videos, encoder);
  const paths = others.flatMap(({ path, present }) => path === undefined || !present ? [] : [path]);
  if (others.length === 0) return null;
  return (
    <div className={`${styles['note']} ${styles['line']}`}>
      <p className={`${styles['rest']} ${styles['text']}`}>{t('models.use.otherEncoders', { count: others.length, title: others[0]?.title })}</p>
      {paths.length > 0 && <Button onClick={() => { void addPaths(paths); }}>{t('models.use.encodeAgain')}</Button>}
    </div>
  );
}
