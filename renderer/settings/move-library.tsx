import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { Section } from '../components/section.tsx';
import { PathField } from '../files/path-field.tsx';
import { formatBytes, formatShare } from '../format/bytes.ts';
import { useActions, useApp } from '../store/use-app.ts';
import styles from './storage-page.module.css';

/** The whole library to another place: which, how far it is, and why it was refused. */
export function MoveLibrary() {
  const { t, i18n: { language } } = useTranslation();
  const { moveLibrary, forgetMoveError } = useActions();
  const error = useApp((state) => state.moveError);
  const moving = useApp((state) => state.works.find(({ kind }) => kind === 'move'));
  const [open, setOpen] = useState(false);
  const [directory, setDirectory] = useState('');
  useEffect(() => () => { forgetMoveError(); }, [forgetMoveError]);

  if (moving !== undefined) {
    const { done = 0, total } = moving.progress ?? {};
    const share = total === undefined || total === 0 ? undefined : Math.min(1, done / total);
    return (
      <Section title={t('settings.storage.moving')} hint={t('settings.storage.movingHint')} aside={<Button autoFocus onClick={moving.stop}>{t('app.cancel')}</Button>}>
        <ProgressBar share={share} label={t('settings.storage.moving')} />
        <p className={`${styles['fact']} numbers`}>{[
          ...(share === undefined ? [] : [formatShare(share, language)]),
          ...(total === undefined ? [] : [t('settings.storage.ofBytes', { done: formatBytes(done, language), total: formatBytes(total, language) })]),
        ].join(' · ')}</p>
      </Section>
    );
  }
  const move = async (): Promise<void> => {
    if (await moveLibrary(directory.trim())) setOpen(false);
  };
  return (
    <Section
      title={t('settings.storage.move')} hint={t('settings.storage.moveHint')}
      aside={!open && <Button onClick={() => { setOpen(true); }}>{t('settings.storage.moveOpen')}</Button>}
    >
      {open && (
        <form className={styles['form']} onSubmit={(event) => { event.preventDefault(); if (directory.trim() !== '') void move(); }}>
          <PathField
            label={t('settings.storage.newPlace')} placeholder={t('settings.storage.newPlaceExample')} value={directory} invalid={error !== undefined} focused
            onChange={(path) => { forgetMoveError(); setDirectory(path); }}
          />
          {error !== undefined && <p className={styles['error']} role="alert">{error}</p>}
          <div className={styles['buttons']}>
            <Button look="primary" type="submit" disabled={directory.trim() === ''}>{t('settings.storage.moveStart')}</Button>
            <Button look="quiet" onClick={() => { setOpen(false); forgetMoveError(); }}>{t('app.cancel')}</Button>
          </div>
        </form>
      )}
    </Section>
  );
}
