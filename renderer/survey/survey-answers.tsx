import { useCallback, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import type { SurveyPartEntry } from '../../engine/protocol/methods-surveys.ts';
import { SurveyPart } from './survey-part.tsx';
import styles from './survey.module.css';

/** What a part is as high as before it was shown: its head, and a few lines of an answer. */
const guessedPixels = 140;
const unansweredPixels = 84;

/** The question, and an answer of each video under its title. Only what can be seen is in the page. */
export function SurveyAnswers({ question, parts }: { readonly question: string; readonly parts: readonly SurveyPartEntry[] }) {
  const { t } = useTranslation();
  const viewport = useRef<HTMLDivElement>(null);
  const getItemKey = useCallback((index: number) => parts[index]?.videoId ?? index, [parts]);
  const list = useVirtualizer({
    count: parts.length, getScrollElement: () => viewport.current, getItemKey, overscan: 4, scrollMargin: 0,
    estimateSize: (index) => parts[index]?.answer === null ? unansweredPixels : guessedPixels,
  });
  return (
    <div ref={viewport} className={styles['scroller']} tabIndex={0} role="region" aria-label={t('survey.answers')}>
      <div className={styles['column']}>
        <p className={styles['asked']}>{question}</p>
        <ol className={styles['parts']} style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, key, start }) => {
            const part = parts[index];
            return part === undefined ? null : (
              <li key={key} ref={list.measureElement} data-index={index} className={styles['place']} style={{ transform: `translateY(${start}px)` }} aria-setsize={parts.length} aria-posinset={index + 1}>
                <SurveyPart part={part} />
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}
