import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorWords } from '../i18n/error-words.ts';
import { hasEnded } from '../shell/engine-link.ts';
import { useApp } from '../store/use-app.ts';
import styles from './engine-banner.module.css';

/** A restart takes about a second; what is back before this is not worth a line. */
const graceMs = 600;

/** Says that the engine has ended and is coming back, that it does not come back, or that it cannot be spoken to. */
export function EngineBanner() {
  const { t } = useTranslation();
  const link = useApp((state) => state.link);
  const error = useApp((state) => state.linkError);
  const connected = link === 'connected';
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (connected) { setLate(false); return undefined; }
    const timer = setTimeout(() => { setLate(true); }, graceMs);
    return () => { clearTimeout(timer); };
  }, [connected]);
  const words = link === 'refused' ? error === undefined ? undefined : errorWords(t, error)
    : !late || connected ? undefined
    : t(`app.engine.${link}`);
  return (
    <div role="status" className={styles['place']}>
      {words !== undefined && <p className={styles['banner']} data-kind={link === 'refused' || hasEnded(link) ? 'refused' : link === 'connecting' ? 'starting' : undefined}>{words}</p>}
    </div>
  );
}
