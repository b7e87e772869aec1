import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Disclosure } from '../components/disclosure.tsx';
import { Hint } from '../components/section.tsx';
import { readHubSource } from './hub-source.ts';
import { LabelledField } from './labelled-field.tsx';
import type { InspectionState } from './use-inspection.ts';
import styles from './models.module.css';

/** A repository of the Hub or of a mirror. */
export function HubForm({ inspection }: { readonly inspection: InspectionState }) {
  const { t } = useTranslation();
  const { busy, failure, inspect, clear } = inspection;
  const [repository, setRepository] = useState('');
  const [revision, setRevision] = useState('');
  const [endpoint, setEndpoint] = useState('');
  const [token, setToken] = useState('');
  const [wrong, setWrong] = useState<'repository' | 'endpoint'>();
  const [more, setMore] = useState(false);
  const tokenField = useRef<HTMLInputElement>(null);
  const denied = failure?.denied === true;
  useEffect(() => {
    if (!denied) return;
    setMore(true);
    // Once the details are open.
    requestAnimationFrame(() => { tokenField.current?.focus(); });
  }, [denied]);
  const change = (set: (value: string) => void) => (value: string): void => { set(value); setWrong(undefined); clear(); };
  const submit = (): void => {
    const read = readHubSource({ repository, revision, endpoint });
    if ('wrong' in read) setWrong(read.wrong);
    else inspect(read.source, token.trim() === '' ? undefined : token.trim());
  };
  return (
    <form className={styles['form']} onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <div className={styles['fields']}>
        <LabelledField label={t('models.add.repository')} placeholder="jylins/hourllava-qwen25-3b-s3" maxLength={300} aria-invalid={wrong === 'repository'} value={repository} onChange={change(setRepository)} />
        <LabelledField label={t('models.add.revision')} placeholder="main" maxLength={200} value={revision} onChange={change(setRevision)} />
      </div>
      <Disclosure className={styles['more']} title={t('models.add.more')} open={more} onToggle={setMore}>
        <div className={styles['fields']}>
          <LabelledField label={t('models.add.mirror')} placeholder="https://huggingface.co" maxLength={500} aria-invalid={wrong === 'endpoint'} value={endpoint} onChange={change(setEndpoint)} />
          <LabelledField ref={tokenField} type="password" label={t('models.add.token')} maxLength={500} value={token} onChange={change(setToken)} />
        </div>
        <Hint>{t('models.add.tokenHint')}</Hint>
      </Disclosure>
      {wrong !== undefined && <p className={styles['error']} role="alert">{t(`models.add.wrong.${wrong}`)}</p>}
      <div className={styles['buttons']}>
        <Button type="submit" disabled={busy || repository.trim() === ''}>{t(busy ? 'models.add.looking' : 'models.add.look')}</Button>
        {busy && <Button look="quiet" onClick={clear}>{t('app.cancel')}</Button>}
      </div>
    </form>
  );
}
