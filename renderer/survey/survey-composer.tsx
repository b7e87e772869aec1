import { useEffect, useRef, useState } from 'react';
import { ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { GrowingText } from '../chat/growing-text.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { demoModel } from '../store/models-slice.ts';
import { surveyDraftKey } from '../store/survey-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './survey.module.css';

/** Where a question across videos is written. `focused`: it is what a person came for. */
export function SurveyComposer({ videoIds, label, focused = false }: { readonly videoIds: readonly string[]; readonly label: string; readonly focused?: boolean }) {
  const { t } = useTranslation();
  const { askSurvey, setDraft } = useActions();
  const draft = useApp((state) => state.drafts[surveyDraftKey] ?? '');
  const offline = useApp((state) => state.link !== 'connected');
  const demonstration = useApp(({ model }) => model?.name === demoModel);
  const [sending, setSending] = useState(false);
  const text = useRef<HTMLTextAreaElement>(null);
  useEffect(() => { if (focused) text.current?.focus(); }, [focused]);
  const unready = draft.trim() === '' || sending || offline || videoIds.length === 0;
  const send = async (): Promise<void> => {
    if (unready) return;
    setSending(true);
    if (await askSurvey(draft.trim(), videoIds)) setDraft(surveyDraftKey, undefined);
    setSending(false);
  };
  return (
    <form className={styles['composer']} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <div className={styles['box']}>
        <GrowingText
          ref={text} composer className={styles['text']} value={draft} label={label} placeholder={label} describedBy="survey-hint"
          onChange={(value) => { setDraft(surveyDraftKey, value); }} onEnter={() => { void send(); }}
        />
        <IconButton className={styles['send']} type="submit" label={t('chat.send')} keys="Enter" disabled={unready}><ArrowUp size={16} /></IconButton>
      </div>
      <p id="survey-hint" className={styles['hint']}>{demonstration ? t('chat.hint.demo') : t('survey.hint')}</p>
    </form>
  );
}
