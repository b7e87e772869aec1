import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { formatShare } from '../format/bytes.ts';
import { formatLeft } from '../format/time.ts';
import { errorWords } from '../i18n/error-words.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { encoderInUse } from '../store/models-slice.ts';
import { failureOf, holdUpOf, inMemory, type InMemory } from '../store/video-state.ts';
import { useEngineInfo } from '../store/use-engine-info.ts';
import { isBeyondDemo } from './beyond-demo.ts';
import { ChaptersCard } from './chapters-card.tsx';
import { readiness } from './readiness.ts';
import { SuggestedQuestions } from './suggested-questions.tsx';
import styles from './empty-conversation.module.css';

/** Before the first question: what can be asked, or what has to happen first. */
export function EmptyConversation() {
  const state = useApp(readiness);
  const beyond = useApp(isBeyondDemo);
  const frames = useApp((app) => app.memory?.frameCount ?? 0);
  return (
    <div className={styles['empty']} tabIndex={-1}>
      {frames > 0 && state !== 'other' ? beyond ? <BeyondDemo /> : <Suggestions /> : state === 'loading' || state === 'offline' ? null : <FirstEncode />}
    </div>
  );
}

function Suggestions() {
  const { t } = useTranslation();
  const state = useApp(readiness);
  return (
    <>
      <ChaptersCard />
      <h3 className={styles['title']}>{t('chat.empty.title')}</h3>
      <p className={styles['text']}>{t(state === 'partial' ? 'chat.empty.partial' : 'chat.empty.text')}</p>
      <SuggestedQuestions />
    </>
  );
}

/** Nothing to start with: what the demo model would say about this film is not true. Whoever wants to may ask all the same. */
function BeyondDemo() {
  const { t } = useTranslation();
  const { addSample, showDialog } = useActions();
  const hasSample = (useEngineInfo()?.sample ?? null) !== null;
  return (
    <>
      <h3 className={styles['title']}>{t('chat.beyondDemo.title')}</h3>
      <p className={styles['text']}>{t('chat.beyondDemo.text')}</p>
      <div className={styles['ways']}>
        <Button onClick={() => { showDialog({ kind: 'settings', page: 'models' }); }}>{t('chat.hint.models')}</Button>
        {hasSample && <Button onClick={() => { void addSample(); }}>{t('chat.beyondDemo.sample')}</Button>}
      </div>
    </>
  );
}

const unencoded = ['chat.unencoded.title', 'chat.unencoded.text', 'chat.unencoded.encode'] as const;
/** Title, text, and what the button says, by what is in memory. */
const unencodedWords = {
  whole: unencoded, part: unencoded, nothing: unencoded,
  other: ['chat.unencoded.other', 'chat.unencoded.otherText', 'library.encodeForModel'],
  damaged: ['chat.unencoded.damaged', 'chat.unencoded.damagedText', 'settings.storage.encodeAgain'],
} as const satisfies Record<InMemory, readonly [title: string, text: string, encode: string]>;

/** Nothing is in memory that the model in use could answer from: how far that is, or the way to begin. */
function FirstEncode() {
  const { t, i18n } = useTranslation();
  const { encodeVideo, resumeJob } = useActions();
  const job = useApp((state) => state.jobs.find(({ videoId }) => videoId === state.selectedVideoId));
  const holdUp = useApp((state) => holdUpOf(state.jobs));
  const videoId = useApp((state) => state.selectedVideoId ?? '');
  // The question that waits says itself when it is asked.
  const waiting = useApp((state) => state.waitingQuestion?.videoId === state.selectedVideoId);
  const video = useApp((state) => state.videos.find(({ id }) => id === state.selectedVideoId));
  const encoder = useApp(encoderInUse);
  const present = video?.present === true;
  const [title, text, encode] = unencodedWords[video === undefined ? 'nothing' : inMemory(video.memories, encoder)];
  if (job === undefined || (!present && job.state === 'failed')) {
    return (
      <>
        <h3 className={styles['title']}>{t(title)}</h3>
        <p className={styles['text']}>{t(present ? text : 'chat.unencoded.missing')}</p>
        {present && <Button look="primary" onClick={() => { void encodeVideo(videoId); }}>{t(encode)}</Button>}
      </>
    );
  }
  const failure = failureOf(job);
  const heldUp = holdUp !== undefined && (job.id === holdUp.id || job.state === 'queued');
  const stopped = heldUp || job.state === 'paused' || job.state === 'failed' || job.state === 'cancelled';
  const news = job.state === 'failed' && failure !== undefined ? errorWords(t, failure)
    : heldUp ? job.id === holdUp.id ? t('library.holdUp.text') : t('library.holdUp.behind', { title: holdUp.title })
      : t(stopped ? 'chat.encoding.stoppedText' : 'chat.encoding.text');
  return (
    <>
      <h3 className={styles['title']}>{t(`chat.encoding.${job.state}`)}</h3>
      {job.state === 'running' && (
        <div className={styles['progress']}>
          <ProgressBar share={job.share ?? undefined} label={t('chat.encoding.running')} />
          <p className={styles['figures']}>
            <span>{job.stage === 'prepare-model' ? t('chat.progress.prepare') : job.share === null ? '' : formatShare(job.share, i18n.language)}</span>
            <span>{job.etaSeconds === null ? '' : t('chat.encoding.left', { duration: formatLeft(job.etaSeconds, i18n.language) })}</span>
          </p>
        </div>
      )}
      {!(waiting && !stopped) && <p className={styles['text']}>{news}</p>}
      {stopped && <Button look="primary" onClick={() => { void resumeJob(heldUp ? holdUp.id : job.id); }}>{t(job.state === 'failed' ? 'library.retry' : 'chat.encoding.resume')}</Button>}
    </>
  );
}
