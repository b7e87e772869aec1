import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorWords } from '../i18n/error-words.ts';
import { useApp } from '../store/use-app.ts';
import styles from './engine-banner.module.css';

/** A restart takes about a second; what is back before this is not worth a line. */
const graceMs = 600;

/** Says that the engine has ended and is coming back, or that it cannot be spoken to. */
export function EngineBanner() {
  const { t } = useTranslation();
  const link = useApp((state) => state.link);
  const error = useApp((state) => state.linkError);
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (link === 'connected') { setLate(false); return undefined; }
    const timer = setTimeout(() => { setLate(true); }, graceMs);
    return () => { clearTimeout(timer); };
  }, [link]);
  return (
    <div role="status" className={styles['place']}>
      {link === 'refused' ? <p className={styles['banner']} data-kind="refused">{error === undefined ? null : errorWords(t, error)}</p>
        : late && <p className={styles['banner']} data-passing="">{t(link === 'connecting' ? 'app.engine.starting' : 'app.engine.lost')}</p>}
    </div>
  );
}
