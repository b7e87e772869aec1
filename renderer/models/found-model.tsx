import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { modelNameSchema } from '../../engine/protocol/methods-models.ts';
import { Button } from '../components/button.tsx';
import type { Weights } from '../store/models-slice.ts';
import { useActions } from '../store/use-app.ts';
import { suggestedWeights } from './fit.ts';
import { FitNote } from './fit-note.tsx';
import { LabelledField } from './labelled-field.tsx';
import { PrecisionTable } from './precision-table.tsx';
import type { Found } from './use-inspection.ts';
import styles from './models.module.css';

/** What a source holds and needs, how it will be called, and the button that adds it. */
export function FoundModel({ found: { source, token, result }, onAdded }: { readonly found: Found; readonly onAdded: () => void }) {
  const { t } = useTranslation();
  const { addModel } = useActions();
  const suggested = suggestedWeights(result.needs, result.machine);
  const [chosen, setChosen] = useState<Weights>(suggested);
  const [name, setName] = useState(result.name);
  const [busy, setBusy] = useState(false);
  const needs = result.needs.find(({ weights }) => weights === chosen);
  const isName = modelNameSchema.safeParse(name.trim()).success;
  const add = async (): Promise<void> => {
    setBusy(true);
    const added = await addModel({ source, name: name.trim(), weights: chosen, ...(token !== undefined && { token }) });
    setBusy(false);
    if (added) onAdded();
  };
  return (
    <div className={styles['card']} role="group" aria-label={t('models.add.found', { from: result.from })}>
      <p className={styles['name']}>{result.from}</p>
      <p className={styles['facts']}>
        {result.commit === null ? t('models.add.folderNote')
          : `${t('models.commit', { commit: result.commit.slice(0, 12) })} · ${result.licence === null ? t('models.noLicence') : t('models.licence', { licence: result.licence })}`}
      </p>
      <PrecisionTable label={t('models.needs.title', { name: result.from })} needs={result.needs} machine={result.machine} suggested={suggested} chosen={chosen} onChoose={setChosen} />
      {needs !== undefined && <FitNote needs={needs} machine={result.machine} />}
      <LabelledField label={t('models.add.name')} maxLength={100} aria-invalid={!isName} value={name} onChange={setName} />
      {!isName && <p className={styles['error']} role="alert">{t('models.add.wrong.name')}</p>}
      <div className={styles['buttons']}>
        <Button look="primary" disabled={busy || !isName || needs?.fitsDisk === false} onClick={() => { void add(); }}>{t('models.add.add')}</Button>
        <Button look="quiet" onClick={onAdded}>{t('app.cancel')}</Button>
      </div>
    </div>
  );
}
