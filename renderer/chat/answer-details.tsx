import { Popover } from 'radix-ui';
import { Info } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { IconButton } from '../components/icon-button.tsx';
import { providerName } from '../format/provider-name.ts';
import { formatClock, formatDuration } from '../format/time.ts';
import { dateLocale } from '../i18n/languages.ts';
import { useModelTitle } from '../store/use-model-title.ts';
import styles from './answer-details.module.css';

type Answer = NonNullable<MessageEntry['answer']>;

type AnswerDetailsProps = { readonly message: MessageEntry; readonly answer: Answer };

/** How an answer came about: model, device, time, and what of the video it knew. */
export function AnswerDetails(props: AnswerDetailsProps) {
  const { t } = useTranslation();
  return (
    <Popover.Root>
      <Popover.Trigger asChild><IconButton small label={t('chat.details.title')}><Info size={14} /></IconButton></Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles['card']} side="top" align="start" sideOffset={4} collisionPadding={12} aria-label={t('chat.details.title')}><Details {...props} /></Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Details({ message, answer }: AnswerDetailsProps) {
  const { t, i18n } = useTranslation();
  const title = useModelTitle();
  const { model, provider, timings, coverage, range, subtitles, droppedTurns } = answer;
  const number = (value: number, digits: number): string => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: digits }).format(value);
  const seconds = (ms: number): string => t('chat.details.seconds', { seconds: number(ms / 1000, 1) });
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['time', new Intl.DateTimeFormat(dateLocale(i18n.language, navigator.languages), { dateStyle: 'medium', timeStyle: 'short' }).format(message.createdAtMs)],
    ['model', model === undefined ? undefined : title(model)],
    ['provider', provider === undefined ? undefined : providerName(provider)],
    ['firstWord', timings === undefined ? undefined : seconds(timings.firstTokenMs)],
    ['speed', timings === undefined ? undefined : t('chat.details.tokensPerSecond', { count: number(timings.tokensPerSecond, 1) })],
    ['coverage', coverage === undefined ? undefined : t('chat.details.frames', { duration: formatDuration(coverage.seconds, i18n.language), frames: number(coverage.frames, 0) })],
    ['range', range === undefined ? undefined : `${formatClock(range.startSeconds)} – ${formatClock(range.endSeconds)}`],
    ['subtitles', subtitles === undefined ? undefined : subtitles.of === 0 ? t('chat.details.noSubtitles') : t('chat.details.subtitleLines', { lines: number(subtitles.lines, 0), of: number(subtitles.of, 0) })],
    ['droppedTurns', droppedTurns === 0 ? undefined : t('chat.details.dropped', { count: droppedTurns })],
  ];
  return (
    <dl className={styles['rows']}>
      {rows.map(([key, value]) => value === undefined ? null : (
        <div key={key} className={styles['row']}><dt>{t(`chat.details.${key}`)}</dt><dd>{value}</dd></div>
      ))}
    </dl>
  );
}
