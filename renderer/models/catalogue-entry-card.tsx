import { useState } from 'react';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Hint } from '../components/section.tsx';
import { formatBytes } from '../format/bytes.ts';
import { modelId, type Catalogue, type Machine, type Weights } from '../store/models-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { FitNote } from './fit-note.tsx';
import { PrecisionTable } from './precision-table.tsx';
import { secondsWords } from './seconds-words.ts';
import styles from './models.module.css';

type Entry = Catalogue['models'][number];

/** A model that can be had: what it is, what each precision takes, how fast it would be, and the way to it. */
export function CatalogueEntryCard({ entry, machine }: { readonly entry: Entry; readonly machine: Machine }) {
  const { t, i18n: { language } } = useTranslation();
  const { addModel, showDialog } = useActions();
  const [picked, setPicked] = useState<Weights>();
  const { name, title, description, repository, licence, parameters, installed, recommended, needs, speed } = entry;
  const chosen = picked ?? recommended;
  const chosenNeeds = needs.find(({ weights }) => weights === chosen);
  const downloadSize = formatBytes(chosenNeeds?.downloadBytes ?? 0, language);
  const underway = useApp((state) => state.modelJobs.some(({ id }) => id === modelId({ name, weights: chosen })));
  const here = installed.includes(chosen);
  const number = (value: number, digits: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return (
    <>
      <div className={styles['line']}>
        <span className={styles['name']}>{title}</span>
        <span className={styles['tag']}>{t('models.catalogue.parameters', { billions: number(parameters / 1e9, 1), hundredMillions: number(parameters / 1e8, 0) })}</span>
      </div>
      <p className={styles['text']}>{t(`models.descriptions.${name}`, { defaultValue: description })}</p>
      <p className={styles['facts']}>{repository} · {licence === null ? t('models.noLicence') : t('models.licence', { licence })}</p>
      <PrecisionTable label={t('models.needs.title', { name: title })} needs={needs} machine={machine} suggested={recommended} chosen={chosen} onChoose={setPicked} />
      {chosenNeeds !== undefined && <FitNote needs={chosenNeeds} machine={machine} />}
      <Hint>
        {speed === null ? t('models.speed.unknown') : t('models.speed.words', {
          class: t(`models.speed.${speed.class}`), weights: recommended, encode: secondsWords(speed.encodeSecondsPerMinute, language),
          first: secondsWords(speed.firstTokenSeconds, language), tokens: number(speed.tokensPerSecond, 1),
        })}
      </Hint>
      <div className={styles['buttons']}>
        {here ? <p className={styles['quiet']}>{t('models.catalogue.installed', { weights: chosen })}</p>
          : underway ? <p className={styles['quiet']}>{t('models.catalogue.underway', { weights: chosen })}</p> : (
            <Button
              look="primary" icon={<Download size={16} />} disabled={chosenNeeds?.fitsDisk === false} aria-label={t('models.catalogue.addNamed', { size: downloadSize, name: title, weights: chosen })}
              onClick={() => { void addModel({ source: { kind: 'catalogue', name }, weights: chosen }); }}
            >
              {t('models.catalogue.add', { size: downloadSize })}
            </Button>
          )}
        {chosenNeeds?.fitsDisk === false && <Button onClick={() => { showDialog({ kind: 'settings', page: 'storage' }); }}>{t('models.toStorage')}</Button>}
      </div>
    </>
  );
}
