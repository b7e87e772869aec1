import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { useLater } from '../components/use-later.ts';
import { hasEnded } from '../shell/engine-link.ts';
import { isUnfinished } from '../store/conversation-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { AnswerActions } from './answer-actions.tsx';
import { AnswerEnd } from './answer-end.tsx';
import { AnswerProgress } from './answer-progress.tsx';
import { Coverage } from './coverage.tsx';
import { LookedAtMoments } from './looked-at-moments.tsx';
import { Markdown } from './markdown.tsx';
import styles from './answer.module.css';

/** What the model said, and how it came about. */
export const Answer = memo(function Answer({ message, last }: { readonly message: MessageEntry; readonly last: boolean }) {
  const { t } = useTranslation();
  const { selectAnswer } = useActions();
  const selected = useApp((state) => state.selectedAnswerId === message.id || (last && !state.messages.some(({ id, answer }) => answer !== undefined && id === state.selectedAnswerId)));
  // Nobody writes it any more; the engine that is there next says the same.
  const brokenOff = useApp((state) => isUnfinished(message) && hasEnded(state.link));
  const later = useLater();
  const answer = brokenOff && message.answer !== undefined ? { ...message.answer, state: 'interrupted' as const } : message.answer;
  if (answer === undefined) return null;
  const unfinished = isUnfinished(message) && !brokenOff;
  return (
    <article
      className={styles['answer']} aria-label={t('chat.answer')} aria-busy={unfinished} data-selected={selected && !unfinished ? '' : undefined} data-last={last ? '' : undefined}
      onClick={() => { if (!unfinished && getSelection()?.isCollapsed !== false) selectAnswer(message.id); }}
    >
      <div className={styles['said']} data-said="">
        {message.content === '' && unfinished ? <AnswerProgress answer={answer} />
          : message.content !== '' && <Markdown id={message.id} text={message.content} citations={answer.citations} writing={unfinished} />}
        {!unfinished && <AnswerEnd message={message} answer={answer} />}
        {!unfinished && answer.coverage?.complete === false && <Coverage seconds={answer.coverage.seconds} />}
        {!unfinished && answer.timings !== undefined && answer.hasLookedAt === true && <LookedAtMoments answerId={message.id} />}
      </div>
      <div className={styles['foot']}>{!unfinished && later && <AnswerActions message={message} answer={answer} selected={selected} />}</div>
    </article>
  );
});
