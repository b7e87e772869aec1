import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Hint, Section } from '../components/section.tsx';
import { useActions, useApp } from '../store/use-app.ts';
import { CatalogueEntryCard } from './catalogue-entry-card.tsx';
import styles from './models.module.css';

/** The models that Longtake knows by name, measured against this computer. */
export function CatalogueSection() {
  const { t } = useTranslation();
  const { loadCatalogue, measureMachine } = useActions();
  const catalogue = useApp((state) => state.catalogue);
  const error = useApp((state) => state.catalogueError);
  const measuring = useApp((state) => state.measuring);
  const unmeasured = catalogue?.models.some(({ speed }) => speed === null) === true;
  return (
    <Section
      title={t('models.catalogue.title')} hint={t('models.catalogue.hint')}
      aside={unmeasured && <Button disabled={measuring} onClick={() => { void measureMachine(); }}>{t(measuring ? 'models.catalogue.measuring' : 'models.catalogue.measure')}</Button>}
    >
      {catalogue === undefined && error === undefined && <p className={styles['quiet']} aria-busy="true">{t('models.reading')}</p>}
      {error !== undefined && (
        <div className={styles['line']}>
          <p className={`${styles['error']} ${styles['rest']}`} role="alert">{error}</p>
          <Button onClick={() => { void loadCatalogue(); }}>{t('models.tryAgain')}</Button>
        </div>
      )}
      {catalogue?.models.length === 0 && <p className={styles['quiet']}>{t('models.catalogue.empty')}</p>}
      {catalogue !== undefined && catalogue.models.length > 0 && (
        <>
          <ul className={styles['cards']}>
            {catalogue.models.map((entry) => <li key={entry.name} className={styles['card']}><CatalogueEntryCard entry={entry} machine={catalogue.machine} /></li>)}
          </ul>
          <Hint>{t('models.catalogue.precision')}</Hint>
        </>
      )}
    </Section>
  );
}
