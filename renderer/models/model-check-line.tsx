import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { formatBytes, formatShare } from '../format/bytes.ts';
import type { ModelCheck } from '../store/models-slice.ts';
import styles from './models.module.css';

/** How far the comparison with the hashes is, and what it has shown. */
export function ModelCheckLine({ check, name }: { readonly check: ModelCheck; readonly name: string }) {
  const { t, i18n: { language } } = useTranslation();
  switch (check.state) {
    case 'running': return (
      <>
        <ProgressBar share={check.share} label={t('models.check.of', { name })} />
        <div className={styles['line']}>
          <p className={`${styles['facts']} ${styles['rest']}`}>{t('models.check.running')}{check.share !== undefined && ` ${formatShare(check.share, language)}`}</p>
          <Button look="quiet" onClick={check.stop}>{t('models.check.stop')}</Button>
        </div>
      </>
    );
    case 'whole': return <p className={styles['facts']} role="status">{t('models.check.whole', { files: check.files, size: formatBytes(check.byteLength, language) })}</p>;
    case 'failed': return <p className={styles['error']} role="alert">{check.message}</p>;
    default: return check satisfies never;
  }
}
