import type { TFunction } from 'i18next';
import type { ModelJobView } from '../../engine/protocol/methods-models.ts';
import { formatBytes, formatShare } from '../format/bytes.ts';
import { formatDuration } from '../format/time.ts';

/** How far the stage is, 0 to 1; undefined where that is not known. */
export function jobShare({ state, doneBytes, totalBytes }: ModelJobView): number | undefined {
  return state !== 'running' || totalBytes === null || totalBytes === 0 ? undefined : Math.min(1, doneBytes / totalBytes);
}

/** What a job is doing, how far it is, how fast, and how long it still takes. */
export function jobFacts(job: ModelJobView, t: TFunction, language: string): readonly string[] {
  const { state, stage, doneBytes, totalBytes, bytesPerSecond, etaSeconds } = job;
  // What has failed says so itself, and there may be nothing that was kept.
  if (state === 'failed') return doneBytes > 0 ? [t('models.jobs.state.failed')] : [];
  if (state !== 'running') return [t(`models.jobs.state.${state}`)];
  const share = jobShare(job);
  return [
    t(`models.jobs.stage.${stage}`),
    ...(share === undefined ? [] : [formatShare(share, language)]),
    ...(totalBytes === null ? [] : [t('models.jobs.bytes', { done: formatBytes(doneBytes, language), total: formatBytes(totalBytes, language) })]),
    ...(bytesPerSecond === null || bytesPerSecond <= 0 ? [] : [t('models.jobs.speed', { bytes: formatBytes(bytesPerSecond, language) })]),
    ...(etaSeconds === null ? [] : [t('models.jobs.left', { time: formatDuration(etaSeconds, language) })]),
  ];
}

/** What a screen reader is told of a job: its stage and state, and each quarter of it, never every number. */
export function jobNews(job: ModelJobView, title: string, t: TFunction): string {
  if (job.state !== 'running') return t('models.jobs.news', { name: title, what: t(`models.jobs.state.${job.state}`) });
  const quarters = Math.floor(4 * (jobShare(job) ?? 0));
  return t('models.jobs.news', { name: title, what: `${t(`models.jobs.stage.${job.stage}`)}${quarters === 0 ? '' : ` ${quarters * 25} %`}` });
}
