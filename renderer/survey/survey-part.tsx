import { memo, useMemo } from 'react';
import { ArrowRight, FilePlus, Hourglass, RotateCcw, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SurveyPartEntry } from '../../engine/protocol/methods-surveys.ts';
import { AnswerEnd } from '../chat/answer-end.tsx';
import { AnswerProgress } from '../chat/answer-progress.tsx';
import { Markdown } from '../chat/markdown.tsx';
import { TimeLanding } from '../chat/time-button.tsx';
import { Button } from '../components/button.tsx';
import { formatDuration } from '../format/time.ts';
import { errorWords } from '../i18n/error-words.ts';
import { Poster } from '../library/poster.tsx';
import { isUnfinished } from '../store/conversation-slice.ts';
import { demoModel, encoderInUse } from '../store/models-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { isAskable } from '../store/video-state.ts';
import styles from './survey.module.css';

/** One video of a question across videos: its answer, with times that lead into it, or why it has none. */
export const SurveyPart = memo(function SurveyPart({ part }: { readonly part: SurveyPartEntry }) {
  const { t, i18n } = useTranslation();
  const { showAnswered } = useActions();
  const { videoId, videoTitle, answer } = part;
  const land = useMemo(() => (seconds: number): void => { showAnswered(part, seconds); }, [part, showAnswered]);
  const writing = answer !== null && isUnfinished(answer);
  const coverage = answer?.answer?.coverage;
  // Nobody has read what the page of that film says: it is asked together with others.
  const beyondDemo = useApp(({ videos }) => answer?.answer?.model === demoModel && videos.some(({ id, isPebbleTown }) => id === videoId && !isPebbleTown));
  return (
    <article className={styles['part']} aria-label={videoTitle} aria-busy={writing}>
      <h2 className={styles['head']}>
        <button type="button" className={styles['video']} aria-label={t('survey.open', { title: videoTitle })} onClick={() => { showAnswered(part); }}>
          <span className={styles['picture']}><Poster resource={`poster/${videoId}`} /></span>
          <span className={styles['name']}>{videoTitle}</span>
          <ArrowRight className={styles['go']} size={14} />
        </button>
      </h2>
      <div className={styles['said']}>
        {answer?.answer === undefined ? <Unanswered part={part} /> : (
          <TimeLanding value={land}>
            {answer.content === '' && writing ? <AnswerProgress answer={answer.answer} />
              : answer.content !== '' && <Markdown id={answer.id} text={answer.content} citations={answer.answer.citations} writing={writing} />}
            {!writing && beyondDemo && <p className={styles['note']}><TriangleAlert size={14} aria-hidden="true" />{t('survey.part.beyondDemo')}</p>}
            {!writing && <AnswerEnd message={answer} answer={answer.answer} />}
            {!writing && coverage?.complete === false && <p className={styles['note']}><Hourglass size={14} aria-hidden="true" />{t('chat.coverage.part', { part: formatDuration(coverage.seconds, i18n.language) })}</p>}
          </TimeLanding>
        )}
      </div>
    </article>
  );
});

/** It waits, was left out by a stop, or could not be asked: what there is to know, and to do. */
function Unanswered({ part: { videoId, error, waiting } }: { readonly part: SurveyPartEntry }) {
  const { t } = useTranslation();
  const { encodeVideo, resumeSurvey } = useActions();
  const surveyId = useApp((state) => state.survey?.id ?? '');
  const video = useApp((state) => state.videos.find(({ id }) => id === videoId));
  const inQueue = useApp((state) => state.jobs.some((job) => job.videoId === videoId && job.state !== 'failed' && job.state !== 'cancelled'));
  const encoder = useApp(encoderInUse);
  if (waiting) return <p className={styles['quiet']}>{t('survey.part.waiting')}</p>;
  if (error === null) return <p className={styles['quiet']}>{t('survey.part.left')}</p>;
  const lacksMemory = error.code === 'not-found' || error.code === 'memory-mismatch';
  const known = video !== undefined && isAskable(video, encoder);
  const words = !lacksMemory ? errorWords(t, error) : known ? t('survey.part.encoded') : inQueue ? t('survey.part.encoding') : t('survey.part.noMemory');
  return (
    <div className={styles['unanswered']}>
      <p className={styles['quiet']}>{words}</p>
      {lacksMemory && !known && !inQueue && video?.present === true && <Button icon={<FilePlus size={14} />} onClick={() => { void encodeVideo(videoId); }}>{t('library.encode')}</Button>}
      {(!lacksMemory || known) && <Button icon={<RotateCcw size={14} />} onClick={() => { void resumeSurvey(surveyId); }}>{t('survey.part.ask')}</Button>}
    </div>
  );
}
