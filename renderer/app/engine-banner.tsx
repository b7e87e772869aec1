import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatShare } from '../format/bytes.ts';
import { errorWords } from '../i18n/error-words.ts';
import { hasEnded } from '../shell/engine-link.ts';
import { useApp } from '../store/use-app.ts';
import styles from './engine-banner.module.css';

/** A restart takes about a second; what is back before this is not worth a line. */
const graceMs = 600;

/** Says that the engine has ended and is coming back, that it does not come back, that it cannot be spoken to, or that the library is on its way to another place. */
export function EngineBanner() {
  const words = useWords();
  const link = useApp((state) => state.link);
  return (
    <div role="status" className={styles['place']}>
      {words !== undefined && <p className={styles['banner']} data-kind={link === 'refused' || hasEnded(link) ? 'refused' : undefined}>{words}</p>}
    </div>
  );
}

function useWords(): string | undefined {
  const { t, i18n: { language } } = useTranslation();
  const link = useApp((state) => state.link);
  const error = useApp((state) => state.linkError);
  const moving = useApp((state) => state.moving);
  // Where a person has asked for it, it stands among what is in progress, with a way to stop it.
  const asked = useApp((state) => state.works.some(({ kind }) => kind === 'move'));
  // The settings say themselves that there is no engine, where it covers none of them.
  const saidThere = useApp((state) => state.dialog?.kind === 'settings');
  const connected = link === 'connected';
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (connected) { setLate(false); return undefined; }
    const timer = setTimeout(() => { setLate(true); }, graceMs);
    return () => { clearTimeout(timer); };
  }, [connected]);
  if (saidThere) return undefined;
  if (link === 'refused') return error === undefined ? undefined : errorWords(t, error);
  if (connected && (moving === null || asked)) return undefined;
  if (moving?.stage === 'open' && !hasEnded(link)) return t('app.engine.opening');
  if (connected && moving !== null) return moving.share === null ? t('app.engine.moving') : t('app.engine.movingShare', { share: formatShare(moving.share, language) });
  return late ? t(`app.engine.${link}`) : undefined;
}
