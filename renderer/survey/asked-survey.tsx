import { Download, MoreHorizontal, Play, Plus, Square, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { Menu, type MenuEntry } from '../components/menu.tsx';
import type { ExportFormat } from '../store/conversation-slice.ts';
import { isSettled } from '../store/survey-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { SurveyAnswers } from './survey-answers.tsx';
import { SurveyBar } from './survey-bar.tsx';
import { SurveyComposer } from './survey-composer.tsx';
import styles from './survey.module.css';

const formats: readonly ExportFormat[] = ['markdown', 'html', 'json'];

/** A question that was asked of several videos, with the answers as they come. */
export function AskedSurvey({ surveyId }: { readonly surveyId: string }) {
  const { t } = useTranslation();
  const { exportSurvey, openSurvey, removeSurvey, resumeSurvey, stopSurvey } = useActions();
  const survey = useApp((state) => state.survey);
  const parts = useApp((state) => state.surveyParts);
  const title = survey?.question ?? '';
  const running = survey?.running === true;
  const left = parts.filter(({ answer, error, waiting }) => answer === null && error === null && !waiting).length;
  const progress = { done: parts.filter(isSettled).length, count: parts.length };
  const words = t(running ? 'survey.progress' : left > 0 ? 'survey.stopped' : 'survey.asked', { ...progress, asked: progress.done });
  const again = { kind: 'new', choice: { kind: 'videos', videoIds: parts.map(({ videoId }) => videoId) } } as const;
  const entries: readonly MenuEntry[] = [
    { label: t('survey.new'), icon: <Plus size={14} />, perform: () => { openSurvey(again); } }, 'separator',
    ...formats.map((format): MenuEntry => ({ label: t(`survey.export.${format}`), icon: <Download size={14} />, perform: () => { void exportSurvey(surveyId, format, t('survey.exportTitle')); } })), 'separator',
    { label: t('survey.remove'), icon: <Trash2 size={14} />, danger: true, perform: () => { void removeSurvey(surveyId); } },
  ];
  return (
    <main className={styles['survey']} aria-busy={survey === undefined}>
      <SurveyBar title={title}>
        {survey !== undefined && <span role="status" className={styles['progress']}>{words}</span>}
        {running && <Button icon={<Square size={12} fill="currentColor" />} onClick={() => { void stopSurvey(surveyId); }}>{t('survey.stop')}</Button>}
        {!running && left > 0 && <Button icon={<Play size={14} />} onClick={() => { void resumeSurvey(surveyId); }}>{t('survey.resume')}</Button>}
        <Menu entries={entries}><IconButton label={t('survey.more')}><MoreHorizontal size={16} /></IconButton></Menu>
      </SurveyBar>
      {survey === undefined ? <div className={styles['scroller']} /> : <SurveyAnswers question={title} parts={parts} />}
      <SurveyComposer videoIds={again.choice.videoIds} label={t('survey.placeholderAgain', { count: parts.length })} />
    </main>
  );
}
