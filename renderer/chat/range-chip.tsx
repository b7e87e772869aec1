import { Scissors, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/icon-button.tsx';
import { formatClock } from '../format/time.ts';
import type { TimeRange } from '../geometry/range.ts';
import { useActions } from '../store/use-app.ts';
import styles from './range-chip.module.css';

type RangeChipProps = { readonly range: TimeRange; readonly onRemove?: () => void };

/** The part of the video that a question is about. Pressed, it goes there. */
export function RangeChip({ range: { startSeconds, endSeconds }, onRemove }: RangeChipProps) {
  const { t } = useTranslation();
  const { seek } = useActions();
  return (
    <span className={styles['chip']}>
      <button type="button" className={styles['range']} onClick={() => { seek(startSeconds); }}>
        <Scissors size={14} aria-hidden="true" />{t('chat.range.about', { start: formatClock(startSeconds), end: formatClock(endSeconds) })}
      </button>
      {onRemove !== undefined && <IconButton small label={t('chat.range.remove')} onClick={onRemove}><X size={14} /></IconButton>}
    </span>
  );
}
