import { useTranslation } from 'react-i18next';
import { Section } from '../components/section.tsx';
import { modelId } from '../store/models-slice.ts';
import { useApp } from '../store/use-app.ts';
import { InstalledModelCard } from './installed-model-card.tsx';
import styles from './models.module.css';

/** Every model that is here, in each of its precisions. */
export function InstalledModels() {
  const { t } = useTranslation();
  const models = useApp((state) => state.models);
  const loaded = useApp((state) => state.modelsLoaded);
  return (
    <Section title={t('models.installed.title')}>
      {models.length === 0
        ? <p className={styles['quiet']} aria-busy={!loaded}>{t(loaded ? 'models.installed.none' : 'models.reading')}</p>
        : <ul className={styles['cards']}>{models.map((model) => <li key={modelId(model)} className={styles['card']}><InstalledModelCard model={model} /></li>)}</ul>}
    </Section>
  );
}
