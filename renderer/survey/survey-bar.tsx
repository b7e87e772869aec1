import type { ReactNode } from 'react';
import { PanelLeft, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/icon-button.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './survey.module.css';

/** Over a question across videos: what it is, what can be done with it, and the way back to the video. */
export function SurveyBar({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  const { t } = useTranslation();
  const { openSurvey, toggleRail } = useActions();
  const railCollapsed = useApp((state) => state.railCollapsed);
  return (
    <header className={styles['bar']}>
      {railCollapsed && <IconButton label={t('library.show')} onClick={toggleRail}><PanelLeft size={16} /></IconButton>}
      <h1 className={styles['title']} title={title}>{title}</h1>
      {children}
      <IconButton label={t('survey.close')} onClick={() => { openSurvey(undefined); }}><X size={16} /></IconButton>
    </header>
  );
}
