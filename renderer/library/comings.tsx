import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/icon-button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { formatShare } from '../format/bytes.ts';
import { formatLeft } from '../format/time.ts';
import { useApp } from '../store/use-app.ts';
import styles from './comings.module.css';

type Coming = { readonly id: string; readonly words: string; readonly name: string; readonly share: number | undefined; readonly etaSeconds: number | undefined; readonly stop: () => void };

/** What is being brought in, exported, moved: how far each is, and a way to stop it. */
export function Comings() {
  const { t, i18n: { language } } = useTranslation();
  const arrivals = useApp((state) => state.arrivals);
  const works = useApp((state) => state.works);
  if (arrivals.length === 0 && works.length === 0) return null;
  const comings: readonly Coming[] = [
    ...arrivals.map(({ id, name, share, stop }): Coming => ({ id, name, words: t(share === undefined ? 'library.lookingInto' : 'library.copying'), share, etaSeconds: undefined, stop })),
    ...works.map(({ id, kind, name, progress, stop }): Coming => ({
      id, name, words: t(`library.work.${kind}`), stop, etaSeconds: progress?.etaSeconds,
      share: progress?.total === undefined || progress.total === 0 ? undefined : Math.min(1, progress.done / progress.total),
    })),
  ];
  return (
    <section className={styles['comings']} aria-label={t('library.comings')}>
      <ul>
        {comings.map(({ id, words, name, share, etaSeconds, stop }) => (
          <li key={id} className={styles['coming']}>
            <div className={styles['line']}>
              <span className={styles['name']} title={name}>{name}</span>
              <IconButton small label={t('library.stopNamed', { name })} onClick={stop}><X size={14} /></IconButton>
            </div>
            <ProgressBar share={share} label={`${words} ${name}`} />
            <p className={styles['words']}>
              {[words, ...(share === undefined ? [] : [formatShare(share, language)]), ...(etaSeconds === undefined ? [] : [t('library.left', { time: formatLeft(etaSeconds, language) })])].join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
