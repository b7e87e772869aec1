import { useTranslation } from 'react-i18next';
import { Section } from '../components/section.tsx';
import { useApp } from '../store/use-app.ts';
import { jobNews } from './job-words.ts';
import { ModelJob } from './model-job.tsx';
import { useModelTitle } from '../store/use-model-title.ts';
import styles from './models.module.css';

/** Models on their way. They go on without this page, and without any window. */
export function ModelJobs() {
  const { t } = useTranslation();
  const titleOf = useModelTitle();
  const jobs = useApp((state) => state.modelJobs);
  return (
    <>
      <div role="status" className="visually-hidden">{jobs.map((job) => jobNews(job, titleOf(job.name), t)).join(' ')}</div>
      {jobs.length > 0 && (
        <Section title={t('models.jobs.title')} hint={t('models.jobs.hint')}>
          <ul className={styles['cards']}>{jobs.map((job) => <li key={job.id} className={styles['card']}><ModelJob job={job} /></li>)}</ul>
        </Section>
      )}
    </>
  );
}
