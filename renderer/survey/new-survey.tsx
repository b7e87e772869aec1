import { useMemo } from 'react';
import { FilePlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Select, type SelectOption } from '../components/select.tsx';
import { encoderInUse } from '../store/models-slice.ts';
import { chosenVideos, type SurveyChoice } from '../store/survey-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { isAskable } from '../store/video-state.ts';
import { EarlierSurveys } from './earlier-surveys.tsx';
import { SurveyBar } from './survey-bar.tsx';
import { SurveyComposer } from './survey-composer.tsx';
import styles from './survey.module.css';

/** So many titles are named; the number of the rest says enough. */
const mostNames = 4;
/** The engine takes so many files at once. */
const mostEncoded = 1000;

/** A question across videos before it is asked: of which videos, and what was asked before. */
export function NewSurvey({ choice }: { readonly choice: SurveyChoice }) {
  const { t, i18n } = useTranslation();
  const { encodeVideos, openSurvey } = useActions();
  const videos = useApp((state) => state.videos);
  const folders = useApp((state) => state.folders);
  const jobs = useApp((state) => state.jobs);
  const chosen = useMemo(() => chosenVideos({ videos }, choice), [videos, choice]);
  const counts = useMemo(() => Map.groupBy(videos, ({ folderId }) => folderId), [videos]);
  const encoder = useApp(encoderInUse);
  const without = chosen.filter((video) => !isAskable(video, encoder));
  const queued = useMemo(() => new Set(jobs.map(({ videoId }) => videoId)), [jobs]);
  const encodable = without.filter(({ id, present }) => present && !queued.has(id)).slice(0, mostEncoded);
  const names = new Intl.ListFormat(i18n.language).format([...without.slice(0, mostNames).map(({ title }) => title), ...without.length > mostNames ? [t('app.more', { count: without.length - mostNames })] : []]);

  const value = choice.kind === 'folder' ? choice.folderId : choice.kind;
  const options: readonly SelectOption<string>[] = [
    ...choice.kind === 'videos' ? [{ value: 'videos', label: t('survey.choice.videos', { count: chosen.length }) }] : [],
    { value: 'all', label: t('survey.choice.all', { count: videos.length }) },
    ...folders.map(({ id, name }) => ({ value: id, label: t('survey.choice.folder', { name, count: counts.get(id)?.length ?? 0 }) })),
  ];
  const choose = (to: string): void => {
    if (to === 'videos') return;
    openSurvey({ kind: 'new', choice: to === 'all' ? { kind: 'all' } : { kind: 'folder', folderId: to } });
  };
  return (
    <main className={styles['survey']}>
      <SurveyBar title={t('survey.title')} />
      <div className={styles['scroller']}>
        <div className={styles['column']}>
          <section className={styles['choice']} aria-label={t('survey.which')}>
            <h2 className={styles['heading']}>{t('survey.which')}</h2>
            <div className={styles['select']}><Select value={value} options={options} label={t('survey.which')} onChange={choose} /></div>
            <p className={styles['quiet']}>{t(chosen.length === 0 ? 'survey.none' : 'survey.explained')}</p>
            {without.length > 0 && (
              <div className={styles['without']}>
                <p>{t('survey.without', { count: without.length, names })}</p>
                {encodable.length > 0 && <Button icon={<FilePlus size={14} />} onClick={() => { void encodeVideos(encodable.map(({ id }) => id)); }}>{t('survey.encode', { count: encodable.length })}</Button>}
              </div>
            )}
          </section>
          <EarlierSurveys />
        </div>
      </div>
      <SurveyComposer focused videoIds={chosen.map(({ id }) => id)} label={t('survey.placeholder', { count: chosen.length })} />
    </main>
  );
}
