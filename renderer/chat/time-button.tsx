import { createContext, use, useState } from 'react';
import { HoverCard } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/time.ts';
import { classNames } from '../components/class-names.ts';
import { landingOf } from '../store/marks.ts';
import { useActions } from '../store/use-app.ts';
import type { Citation } from './cited-times.ts';
import { FramePicture } from './frame-picture.tsx';
import styles from './time-button.module.css';

const openDelayMs = 120;

/** Where a time leads whose answer is about another video than the one that is open. */
export const TimeLanding = createContext<((seconds: number) => void) | undefined>(undefined);

/** A time in an answer: goes there, and shows what is there while it is pointed at or has the keyboard. One that is not in the video says so and goes nowhere. */
export function TimeButton({ citation }: { readonly citation: Citation }) {
  const { startSeconds, endSeconds, text, verified } = citation;
  const landingSeconds = landingOf(citation);
  const { t } = useTranslation();
  const { seek } = useActions();
  const elsewhere = use(TimeLanding);
  const [open, setOpen] = useState(false);
  const time = endSeconds > startSeconds ? `${formatClock(startSeconds)} – ${formatClock(endSeconds)}` : formatClock(landingSeconds);
  return (
    <HoverCard.Root open={open} onOpenChange={setOpen} openDelay={openDelayMs} closeDelay={60}>
      <HoverCard.Trigger asChild onFocus={(event) => { if (!event.currentTarget.matches(':focus-visible')) event.preventDefault(); }}>
        <button
          type="button" className={classNames(styles['time'], !verified && styles['unverified'])} aria-disabled={!verified}
          aria-label={t(verified ? 'chat.time.go' : 'chat.time.unverifiedLabel', { time: text })}
          // It is looked at, not walked into: what leaves the time closes it, whatever timer still runs.
          onPointerLeave={() => { setOpen(false); }} onBlur={() => { setOpen(false); }}
          onClick={(event) => { event.stopPropagation(); if (verified) { setOpen(false); (elsewhere ?? seek)(landingSeconds); } }}
        >
          {text}
        </button>
      </HoverCard.Trigger>
      <HoverCard.Portal>
        <HoverCard.Content aria-hidden className={styles['card']} side="top" sideOffset={6} collisionPadding={12}>
          {verified
            ? <>{elsewhere === undefined && <FramePicture seconds={landingSeconds} />}<span className={styles['clock']}>{time}</span></>
            : <span className={styles['reason']}>{t('chat.time.unverified')}</span>}
        </HoverCard.Content>
      </HoverCard.Portal>
    </HoverCard.Root>
  );
}
