import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { actionOf } from '../actions/table.ts';
import { useSurroundings } from '../store/use-app.ts';
import styles from './welcome.module.css';

/** Where no video is open: what this is, and the two ways to begin. */
export function Welcome() {
  const { t } = useTranslation();
  const surroundings = useSurroundings();
  return (
    <main className={styles['welcome']}>
      <h1 className={styles['title']}>{t('app.welcome.title')}</h1>
      <p>{t('app.welcome.text')}</p>
      <div className={styles['ways']}>
        <Button look="primary" onClick={() => { actionOf('help.sample').perform(surroundings); }}>{t('app.welcome.sample')}</Button>
        <Button onClick={() => { actionOf('file.open').perform(surroundings); }}>{t('app.welcome.open')}</Button>
      </div>
    </main>
  );
}
