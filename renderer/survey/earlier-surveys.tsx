import { useTranslation } from 'react-i18next';
import { dateLocale } from '../i18n/languages.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { formatDay } from '../chat/format-day.ts';
import styles from './survey.module.css';

/** The rest is found by the search. */
const mostShown = 100;

/** What was asked of several videos before. */
export function EarlierSurveys() {
  const { t, i18n } = useTranslation();
  const { openSurvey } = useActions();
  const surveys = useApp((state) => state.surveys);
  if (surveys.length === 0) return null;
  return (
    <section className={styles['earlier']} aria-label={t('survey.earlier')}>
      <h2 className={styles['heading']}>{t('survey.earlier')}</h2>
      <ul>
        {surveys.slice(0, mostShown).map(({ id, question, createdAtMs, videoCount, askedCount, running }) => (
          <li key={id}>
            <button type="button" className={styles['entry']} onClick={() => { openSurvey({ kind: 'asked', surveyId: id }); }}>
              <span className={styles['question']}>{question}</span>
              <span className={styles['facts']}>
                {t(askedCount < videoCount ? 'survey.askedOf' : 'survey.asked', { count: videoCount, asked: askedCount })}{running && ` · ${t('survey.running')}`}
              </span>
              <time className={styles['facts']} dateTime={new Date(createdAtMs).toISOString()}>{formatDay(createdAtMs, Date.now(), dateLocale(i18n.language, navigator.languages))}</time>
            </button>
          </li>
        ))}
      </ul>
      {surveys.length > mostShown && <p className={styles['quiet']}>{t('survey.earlierMore', { count: surveys.length - mostShown })}</p>}
    </section>
  );
}
