import { useState } from 'react';
import { ArrowUp, Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { keysOf } from '../actions/action.ts';
import { actionOf } from '../actions/table.ts';
import { IconButton } from '../components/icon-button.tsx';
import { hasEnded } from '../shell/engine-link.ts';
import type { AppState } from '../store/app-store.ts';
import { composerKey, editKey } from '../store/conversation-slice.ts';
import { demoModel } from '../store/models-slice.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { isBeyondDemo } from './beyond-demo.ts';
import { Coverage } from './coverage.tsx';
import { GrowingText } from './growing-text.tsx';
import { RangeChip } from './range-chip.tsx';
import { canAsk, readiness, takesQuestion } from './readiness.ts';
import styles from './composer.module.css';

/** Where the next question is written. */
export function Composer() {
  const { t } = useTranslation();
  const { store } = useSurroundings();
  const { ask, draftSent, setDraft, setRange, stopAnswer, waitToAsk } = useActions();
  const key = useApp(composerKey);
  const draft = useApp((state) => state.drafts[key] ?? '');
  const range = useApp((state) => state.range);
  const state = useApp(readiness);
  const bindings = useApp(({ bindings: bound }) => bound);
  const waits = useApp(isWaitingHere);
  const [sending, setSending] = useState(false);
  const empty = draft.trim() === '';

  const send = async (): Promise<void> => {
    if (empty || sending || !takesQuestion(state)) return;
    const question = draft.trim();
    if (!canAsk(state)) {
      if (await waitToAsk(question, range)) draftSent(key, question);
      return;
    }
    setSending(true);
    if (await ask(question, range)) draftSent(key, question);
    setSending(false);
  };
  /** As in other chats: the arrow up, where nothing is written yet, changes the last question. */
  const editLast = (): boolean => {
    const last = store.getState().messages.findLast(({ role }) => role === 'user');
    if (!empty || last === undefined || !canAsk(state)) return false;
    setDraft(editKey(last.id), last.content);
    return true;
  };
  return (
    <form className={styles['composer']} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <div className={styles['box']}>
        {range !== undefined && <div className={styles['range']}><RangeChip range={range} onRemove={() => { setRange(undefined); }} /></div>}
        <div className={styles['line']}>
          <GrowingText
            composer className={styles['text']} value={draft} label={t('chat.question')} placeholder={t(range === undefined ? 'chat.placeholder' : 'chat.placeholderRange')} describedBy="composer-hint"
            onChange={(value) => { setDraft(key, value); }} onEnter={() => { void send(); }} onUp={editLast}
          />
          {state === 'writing'
            ? <IconButton className={styles['stop']} label={t('chat.stop')} keys={keysOf(actionOf('conversation.stop'), bindings)} onClick={() => { void stopAnswer(); }}><Square size={14} fill="currentColor" /></IconButton>
            : <IconButton className={styles['send']} type="submit" label={t('chat.send')} keys="Enter" disabled={empty || sending || !takesQuestion(state) || (state === 'encoding' && waits)}><ArrowUp size={16} /></IconButton>}
        </div>
      </div>
      <div id="composer-hint" className={styles['hint']}><Hint typed={!empty} /></div>
    </form>
  );
}

/** A question waits for this video already: the next one stays in the composer until then. */
const isWaitingHere = ({ waitingQuestion, selectedVideoId }: AppState): boolean => waitingQuestion !== undefined && waitingQuestion.videoId === selectedVideoId;

/** Why nothing can be asked now, what an answer would not know, or what kind of model answers. */
function Hint({ typed }: { readonly typed: boolean }) {
  const { t } = useTranslation();
  const state = useApp(readiness);
  const waits = useApp(isWaitingHere);
  const coverageSeconds = useApp(({ memory }) => memory?.coverageSeconds ?? 0);
  const ended = useApp(({ link }) => hasEnded(link));
  const { showDialog } = useActions();
  const label = useApp(({ model }) => model?.label);
  const demonstration = useApp(({ model }) => model?.name === demoModel);
  const saidAbove = useApp((app) => app.messages.length === 0 && isBeyondDemo(app));
  if (state === 'encoding' && waits) return typed ? <p>{t('chat.hint.waits')}</p> : null;
  if (state === 'offline' && ended) return <p>{t('chat.hint.ended')}</p>;
  if (state === 'offline' || state === 'encoding' || state === 'unencoded' || state === 'other') return <p>{t(`chat.hint.${state}`)}</p>;
  if (state === 'writing' && typed) return <p>{t('chat.hint.writing')}</p>;
  if (state === 'partial') return <Coverage soFar seconds={coverageSeconds} />;
  if (label === undefined || saidAbove) return null;
  // The demo model's own words are English.
  return (
    <p>
      {demonstration ? t('chat.hint.demo') : label}
      {demonstration && <> <button type="button" className={styles['more']} onClick={() => { showDialog({ kind: 'settings', page: 'models' }); }}>{t('chat.hint.models')}</button></>}
    </p>
  );
}
