import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelSource } from '../../engine/protocol/methods-models.ts';
import { Section } from '../components/section.tsx';
import { Segments } from '../components/segments.tsx';
import { FolderForm } from './folder-form.tsx';
import { FoundModel } from './found-model.tsx';
import { HubForm } from './hub-form.tsx';
import { useInspection } from './use-inspection.ts';
import styles from './models.module.css';

/** A model that is not in the catalogue: looked into first, then added. */
export function AddModel() {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Exclude<ModelSource['kind'], 'catalogue'>>('hub');
  const inspection = useInspection();
  return (
    <Section
      title={t('models.add.title')} hint={t('models.add.hint')}
      aside={(
        <Segments
          label={t('models.add.from')} value={kind} onChange={(value) => { setKind(value); inspection.clear(); }}
          segments={(['hub', 'folder'] as const).map((value) => ({ value, label: t(`models.add.${value}`) }))}
        />
      )}
    >
      {kind === 'hub' ? <HubForm inspection={inspection} /> : <FolderForm inspection={inspection} />}
      {inspection.failure !== undefined && <p className={styles['error']} role="alert">{inspection.failure.message}</p>}
      {inspection.found !== undefined && <FoundModel key={`${inspection.found.result.from} ${inspection.found.result.commit ?? ''}`} found={inspection.found} onAdded={inspection.clear} />}
    </Section>
  );
}
