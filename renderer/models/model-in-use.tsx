import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Section } from '../components/section.tsx';
import { formatShare } from '../format/bytes.ts';
import { providerName } from '../format/provider-name.ts';
import { errorWords } from '../i18n/error-words.ts';
import { demoModel } from '../store/models-slice.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { OtherEncoders } from './other-encoders.tsx';
import { useModelTitle } from '../store/use-model-title.ts';
import styles from './models.module.css';

/** The model that answers: its state, what it runs on, and why that and nothing else. */
export function ModelInUse() {
  const { t, i18n: { language } } = useTranslation();
  const { tryModel, stopLoading } = useActions();
  const titleOf = useModelTitle();
  const model = useApp((state) => state.model);
  const installed = useApp((state) => state.models.find(({ inUse }) => inUse));
  const [trying, setTrying] = useState(false);
  if (model === undefined) return null;
  const { state, name, share, provider, refusedProviders, error } = model;
  const tryNow = async (): Promise<void> => {
    setTrying(true);
    await tryModel();
    setTrying(false);
  };
  const words = state === 'preparing' && share !== undefined ? t('models.use.preparingShare', { share: formatShare(share, language) }) : t(`models.use.${state}`);
  return (
    <Section title={t('models.use.title')}>
      <div className={styles['card']}>
        <div className={styles['line']}>
          <span className={styles['name']}>{titleOf(name)}</span>
          {installed !== undefined && <span className={styles['tag']}>{installed.weights}</span>}
          <span className={styles['tag']} data-kind={state}>{words}</span>
          <span className={styles['rest']} />
          {state === 'loading' ? <Button onClick={() => { void stopLoading(); }}>{t('models.use.stopLoading')}</Button>
            : provider === undefined && <Button disabled={trying || state === 'preparing'} onClick={() => { void tryNow(); }}>{t(trying ? 'models.use.trying' : state === 'failed' ? 'models.tryAgain' : 'models.use.try')}</Button>}
        </div>
        <p className={styles['facts']}>{provider === undefined ? t('models.use.noDevice') : t('models.use.device', { device: providerName(provider) })}</p>
        {name === demoModel && <p className={styles['text']}>{t('models.use.demoHonest')}</p>}
        {error !== undefined && <p className={styles['error']} role="alert">{errorWords(t, error)}</p>}
        {refusedProviders.length > 0 && (
          <dl className={styles['refusals']}>
            {refusedProviders.map((refused) => (
              <div key={refused.provider}><dt>{t('models.use.notOn', { device: providerName(refused.provider) })}</dt><dd>{refused.reason}</dd></div>
            ))}
          </dl>
        )}
      </div>
      {installed !== undefined && <OtherEncoders encoder={installed.encoderFingerprint} />}
    </Section>
  );
}
