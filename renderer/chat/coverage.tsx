import { Hourglass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../format/time.ts';
import { shownSeconds } from '../store/player-slice.ts';
import { useApp } from '../store/use-app.ts';
import styles from './answer.module.css';

/** That an answer, or the next one, knows the beginning of the video only. */
export function Coverage({ seconds, soFar = false }: { readonly seconds: number; /** Of what can be asked now, not of an answer. */ readonly soFar?: boolean }) {
  const { t, i18n } = useTranslation();
  const total = useApp(shownSeconds);
  // Whole minutes: it grows while it is read.
  const shown = seconds < 60 ? seconds : Math.floor(seconds / 60) * 60;
  const words = { part: formatDuration(shown, i18n.language), whole: formatDuration(total, i18n.language) };
  return <p className={styles['note']}><Hourglass size={14} aria-hidden="true" />{t(soFar ? 'chat.coverage.soFar' : total > seconds ? 'chat.coverage.partOf' : 'chat.coverage.part', words)}</p>;
}
