import { useTranslation } from 'react-i18next';
import { actionOf } from '../actions/table.ts';
import { Button } from '../components/button.tsx';
import { DialogBody, DialogFooter, DialogFrame } from '../components/dialog.tsx';
import { Menu } from '../components/menu.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { useChapterJob } from '../store/use-chapter-job.ts';
import { ChapterList } from './chapter-list.tsx';
import { Origin } from './origin.tsx';
import styles from './chapters.module.css';

const exports = ['chapters.exportSrt', 'chapters.exportCsv', 'chapters.exportYoutube'] as const;

/** The summary and the chapters of the selected video, and what can be done with them. */
export function ChaptersDialog() {
  const { t } = useTranslation();
  const { showDialog } = useActions();
  const summary = useApp((state) => state.chapters?.summary ?? '');
  return (
    <DialogFrame title={t('chapters.title')} width="wide" onClose={() => { showDialog(undefined); }}>
      <DialogBody>
        <Job />
        {summary !== '' && <><h3 className={styles['heading']}>{t('chapters.summary')}</h3><p className={styles['summary']}>{summary}</p></>}
        <ChapterList />
        <Origin />
      </DialogBody>
      <DialogFooter><Ways /></DialogFooter>
    </DialogFrame>
  );
}

function Job() {
  const { t } = useTranslation();
  const job = useChapterJob();
  if (job === undefined) return null;
  return (
    <div className={styles['job']}>
      {(job.state === 'making' || job.state === 'waiting') && <ProgressBar share={job.share} label={t('chapters.making')} />}
      <p className={styles['figures']} role={job.state === 'failed' ? 'alert' : undefined}><span>{job.words}</span><span>{job.left}</span></p>
    </div>
  );
}

/** What can be done now; the one that goes on is last. */
function Ways() {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  const job = useChapterJob();
  const perform = (id: string): void => { void actionOf(id).perform(surroundings); };
  const canMake = useApp((state) => actionOf('chapters.make').enabled?.(state) === true);
  const canRemove = useApp((state) => actionOf('chapters.remove').enabled?.(state) === true);
  const count = useApp((state) => state.chapters?.chapters.length ?? 0);
  const isMade = useApp((state) => state.chapters?.source === 'made');
  const making = job?.state === 'making' || job?.state === 'waiting';
  return (
    <>
      {canRemove && !making && <Button look="quiet" onClick={() => { perform('chapters.remove'); }}>{t('chapters.remove')}</Button>}
      {count > 0 && <Menu entries={exports.map((id) => ({ label: t(`actions.${id}`), perform: () => { perform(id); } }))}><Button>{t('chapters.export')}</Button></Menu>}
      {making
        ? <Button onClick={() => { perform('chapters.stop'); }}>{t('chapters.stop')}</Button>
        : canMake && <Button look={isMade && job === undefined ? 'plain' : 'primary'} onClick={() => { perform('chapters.make'); }}>{t(job !== undefined ? 'chapters.goOn' : isMade ? 'chapters.again' : 'chapters.make')}</Button>}
    </>
  );
}
