import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Hint } from '../components/section.tsx';
import { TextField } from '../components/text-field.tsx';
import styles from './models.module.css';

/** Asks for an access token where a repository was closed. It is kept in memory only. */
export function TokenForm({ onToken }: { readonly onToken: (token: string) => void }) {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const given = token.trim();
  return (
    <form className={styles['field']} onSubmit={(event) => { event.preventDefault(); if (given !== '') onToken(given); }}>
      <div className={styles['line']}>
        <TextField className={styles['rest']} type="password" label={t('models.add.token')} placeholder={t('models.add.token')} maxLength={500} value={token} onChange={setToken} />
        <Button type="submit" disabled={given === ''}>{t('models.jobs.withToken')}</Button>
      </div>
      <Hint>{t('models.add.tokenHint')}</Hint>
    </form>
  );
}
