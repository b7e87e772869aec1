import { useTranslation } from 'react-i18next';
import type { VideoChapters } from '../../engine/protocol/methods-chapters.ts';
import { formatLeft } from '../format/time.ts';
import { errorWords } from '../i18n/error-words.ts';
import { useApp } from './use-app.ts';

export type ChapterJobWords = {
  readonly state: NonNullable<VideoChapters['job']>['state'];
  /** Undefined where its end is not known. */
  readonly share: number | undefined;
  readonly words: string;
  /** Empty where nobody knows. */
  readonly left: string;
};

/** How far the chapters of the selected video are, in words; undefined where nobody makes them and none are unfinished. */
export function useChapterJob(): ChapterJobWords | undefined {
  const { t, i18n: { language } } = useTranslation();
  const job = useApp((state) => state.chapters?.job);
  if (job === undefined || job === null) return undefined;
  const { state, stage, share, told, total, etaSeconds, error } = job;
  const words = state === 'failed' && error !== null ? errorWords(t, error)
    : state === 'waiting' ? t('chapters.job.waiting')
      : state === 'making' ? t(`chapters.job.${stage}`, { number: Math.min(told + 1, total), total })
        : t('chapters.job.unfinished', { told, total });
  const left = etaSeconds === null || state !== 'making' ? '' : t('chapters.job.left', { duration: formatLeft(etaSeconds, language) });
  return { state, share: share ?? undefined, words, left };
}
