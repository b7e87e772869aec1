import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/time.ts';
import type { EngineLink } from '../shell/engine-link.ts';
import { useActions, useSurroundings } from '../store/use-app.ts';
import { FramePicture } from './frame-picture.tsx';
import { momentsShown, topMoments, type Moment } from '../../engine/protocol/moments.ts';
import styles from './looked-at-moments.module.css';

/** Finished answers do not change, so what was asked for is kept while the page stands. */
const known = new WeakMap<EngineLink, Map<string, readonly Moment[]>>();

/** The moments that got most of the model's attention, as pictures that go there. Where it looked, not a proof. */
export function LookedAtMoments({ answerId }: { readonly answerId: string }) {
  const { t } = useTranslation();
  const { link } = useSurroundings();
  const { seek, selectAnswer } = useActions();
  const [moments, setMoments] = useState(() => known.get(link)?.get(answerId));
  useEffect(() => {
    if (moments !== undefined) return undefined;
    let current = true;
    link.request('messages.lookedAt', { answerId }).then(({ lookedAt }) => {
      const found = lookedAt === null ? [] : topMoments(lookedAt, momentsShown);
      known.set(link, (known.get(link) ?? new Map<string, readonly Moment[]>()).set(answerId, found));
      if (current) setMoments(found);
    }, () => undefined);
    return () => { current = false; };
  }, [link, answerId, moments]);
  // Their place is there at once, they themselves when there is time.
  const shown = useDeferredValue(moments, undefined);
  return (
    <div className={styles['row']} role="group" aria-label={t('chat.lookedAt')}>
      <span className={styles['label']} aria-hidden="true">{t('chat.lookedAt')}</span>
      <div className={styles['moments']}>
        {Array.from({ length: momentsShown }, (_, index) => {
          const moment = shown?.[index];
          if (moment === undefined) return shown === undefined && <span key={index} className={styles['moment']} />;
          return (
            <button
              key={index} type="button" className={styles['moment']} aria-label={t('chat.lookedAtMoment', { time: formatClock(moment.seconds) })}
              onClick={(event) => { event.stopPropagation(); selectAnswer(answerId); seek(moment.seconds); }}
            >
              <FramePicture seconds={moment.seconds} />
              <span className={styles['clock']}>{formatClock(moment.seconds)}</span>
            </button>
          );
        })}
      </div>
    </div>
  );
}
