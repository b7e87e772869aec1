import { useTranslation } from 'react-i18next';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';
import { focusComposer } from '../actions/focus-composer.ts';
import { Button } from '../components/button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { formatShare } from '../format/bytes.ts';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './answer.module.css';

/** What happens until the first word: the model is prepared, the video recalled, the question read. */
export function AnswerProgress({ answer: { state, progress } }: { readonly answer: NonNullable<MessageEntry['answer']> }) {
  const { t, i18n } = useTranslation();
  const { stopLoading } = useActions();
  const modelState = useApp(({ model }) => model?.state);
  const isLoading = progress === undefined && modelState === 'loading';
  const preparedShare = useApp(({ model }) => model?.state === 'preparing' ? model.share : undefined);
  const [words, share] = progress !== undefined ? [t(`chat.progress.${progress.stage}`), progress.share] as const
    : modelState === 'preparing' ? [t('chat.progress.prepare'), preparedShare] as const
    : isLoading ? [t('chat.progress.load'), undefined] as const
    : [t(state === 'waiting' ? 'chat.progress.waiting' : 'chat.progress.start'), undefined] as const;
  return (
    <div className={styles['progress']}>
      <p className={styles['line']}><span>{words}</span>{share !== undefined && <span>{formatShare(share, i18n.language)}</span>}</p>
      <ProgressBar share={share} label={words} />
      {isLoading && <div><Button onClick={() => { focusComposer(); void stopLoading(); }}>{t('chat.progress.stopLoading')}</Button></div>}
    </div>
  );
}
